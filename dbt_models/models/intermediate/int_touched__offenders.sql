-- one row per person whose timelines, or those of whose victims, hold something else than when they were last built
{%- set timeline = as_it_stands('marts', 'mart_offender_timeline') if execute %}
{%- set dyad_timeline = as_it_stands('marts', 'mart_dyad_timeline') if execute %}
with

records as (

    select * from {{ ref('int_touched__records') }}

),

nominals as (

    select * from {{ ref('int_touched__nominals') }}

),

events as (

    select * from {{ ref('fct_events') }}
    where {{ builds_on_what_stands() }}

),

built as (

    select * from {{ source('meta', 'builds') }}

),

offenders as (

    -- something was told anew
    select offender_person_id as person_id from events
    where source_id in (select records.source_id from records)
    union
    -- or became known, or was superseded, between the two cut-offs
    select events.offender_person_id as person_id
    from events
    inner join built on {{ known_differently(cut_off(), 'built.cut_off', 'events') }}
    union
    -- or it was somebody else's
    select person_id from nominals
    {% if timeline -%}
        union
        select offender_person_id as person_id from {{ timeline }}
        where source_id in (select records.source_id from records)
    {%- endif %}

),

-- whether the victim offends in turn is told on the timeline of the pair
victims as (

    select victim_person_id as person_id from events
    where offender_person_id in (select offenders.person_id from offenders)
    {% if dyad_timeline -%}
        union
        select victim_person_id as person_id from {{ dyad_timeline }}
        where offender_person_id in (select offenders.person_id from offenders)
    {%- endif %}

)

select person_id from offenders
where person_id is not null
union
select person_id from victims
where person_id is not null
