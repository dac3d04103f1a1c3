-- one row per person whose timelines hold something else than when they were last built
{%- set timeline = as_it_stands('marts', 'mart_offender_timeline') if execute %}
{%- set dyad_timeline = as_it_stands('marts', 'mart_dyad_timeline') if execute %}
with

nominals as (

    select * from {{ ref('int_touched__nominals') }}

),

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

dyads as (

    select dyad_id from events
    where dyad_id is not null

),

told_anew as (

    -- told of anew, or known, or superseded, between the two cut-offs
    select
        events.offender_person_id,
        events.victim_person_id
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
            cast(null as varchar) as victim_person_id
        from {{ timeline }}
        where source_id in (select records.source_id from records)
        union all
        select
            offender_person_id,
            victim_person_id
        from {{ dyad_timeline }}
        where source_id in (select records.source_id from records)
    {%- endif %}

),

offenders as (

    select person_id from nominals
    union
    select offender_person_id as person_id from told_anew
    union
    -- a dyad tells whether there is one in the other direction
    select victim_person_id as person_id from told_anew
    where victim_person_id || '>' || offender_person_id in (select dyads.dyad_id from dyads)

)

select person_id from offenders
where person_id is not null
