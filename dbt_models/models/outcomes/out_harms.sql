-- one row per offence or breach of an order, pair of offender and victim, and version of what was known
with

events as (

    select * from {{ ref('fct_events') }}
    where
        event_kind in ('crime', 'order_breached')
        and not is_cancelled
        and (offender_person_id is not null or victim_person_id is not null)

),

courses as (

    select * from {{ ref('out_courses') }}

),

linked as (

    select
        events.*,
        coalesce(courses.is_domestic, false) as is_dyad_domestic,
        coalesce(courses.is_stalking, false) as is_dyad_stalking,
        {{ latest_start(['events', 'courses']) }} as linked_from_at,
        {{ earliest_end(['events', 'courses']) }} as linked_until_at
    from events
    left join courses on events.dyad_id = courses.dyad_id
    where {{ are_known_together(['events', 'courses']) }}

)

select
    -- ids
    {{ key_of(['event_key', 'linked_from_at']) }} as harm_key,
    event_id,
    event_kind,
    crime_id,

    -- who
    dyad_id,
    offender_person_id,
    victim_person_id,

    -- what
    offence_code,
    offence_group,
    harm_days,
    behaviour = 'breach of an order' as is_breach,
    coalesce(is_domestic, false) as is_domestic,
    coalesce(is_domestic, false) or is_dyad_domestic as is_domestic_linked,
    coalesce(offence_group = 'stalking', false) or is_dyad_stalking as is_stalking_linked,
    is_counted_elsewhere,
    district,

    -- when it happened, and when we knew
    occurred_at,
    occurred_precision,
    first_recorded_at,
    linked_from_at as known_from_at,
    linked_until_at as known_until_at,

    -- where it came from
    source,
    _delivery_id,
    _source_file,
    _source_line
from linked
