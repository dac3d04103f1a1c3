-- one row per dyad and unbroken span in which domestic abuse between the two was known
with

events as (

    select * from {{ ref('fct_events') }}
    where dyad_id is not null and not is_cancelled

),

recording_rules as (

    select
        *,
        lead(valid_from_date) over (order by valid_from_date) as valid_until_date
    from {{ ref('recording_rules') }}

),

related as (

    select
        dyad_id,
        relationship,
        cast(first_recorded_at as date) as recorded_date,
        known_from_at,
        known_until_at
    from events
    where relationship is not null and not coalesce(is_domestic, false)

),

-- a flag says so, or the relationship does by the rule of the day of entry
told as (

    select
        dyad_id,
        known_from_at,
        known_until_at
    from events
    where is_domestic
    union all
    select
        related.dyad_id,
        related.known_from_at,
        related.known_until_at
    from related
    inner join recording_rules
        on
            related.recorded_date >= recording_rules.valid_from_date
            and (
                recording_rules.valid_until_date is null
                or related.recorded_date < recording_rules.valid_until_date
            )
    where {{ is_domestic_by_rule('related.relationship', 'recording_rules.domestic_relationships') }}

),

continuous as (

    {{ unbroken('told', ['dyad_id']) }}

)

select
    dyad_id,
    known_from_at,
    known_until_at
from continuous
