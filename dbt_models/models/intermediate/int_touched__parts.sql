-- one row per offender, victim and third whom an event names that is told anew, or was told when last built
{%- set timeline = as_it_stands('marts', 'mart_offender_timeline') if execute %}
{%- set dyad_timeline = as_it_stands('marts', 'mart_dyad_timeline') if execute %}
with

records as (

    select * from {{ ref('int_touched__records') }}

),

built as (

    select * from {{ source('meta', 'builds') }}

),

events as (

    select * from ({{ events_of_every_kind() }}) as of_every_kind
    where {{ builds_on_what_stands() }}

),

told_anew as (

    -- told of anew, or known, or superseded, between the two cut-offs
    select
        events.offender_person_id,
        events.victim_person_id,
        events.other_person_id,
        events.occurred_at
    from events
    left join built on true
    where
        events.source_id in (select records.source_id from records)
        or {{ known_differently(cut_off(), 'built.cut_off', 'events') }}
    -- or told of them before
    {%- if timeline and dyad_timeline %}
        union all
        select
            offender_person_id,
            cast(null as varchar) as victim_person_id,
            cast(null as varchar) as other_person_id,
            occurred_at
        from {{ timeline }}
        where source_id in (select records.source_id from records)
        union all
        select
            offender_person_id,
            victim_person_id,
            cast(null as varchar) as other_person_id,
            occurred_at
        from {{ dyad_timeline }}
        where source_id in (select records.source_id from records)
    {%- endif %}

)

select
    offender_person_id,
    victim_person_id,
    other_person_id,
    cast(min(occurred_at) as date) as told_from_date
from told_anew
group by offender_person_id, victim_person_id, other_person_id
