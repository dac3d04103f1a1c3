-- one row per person of whom something else is known than when the marts were last built
{%- set timeline = as_it_stands('marts', 'mart_offender_timeline') if execute %}
{%- set dyad_timeline = as_it_stands('marts', 'mart_dyad_timeline') if execute %}
with

nominals as (

    select * from {{ ref('int_touched__nominals') }}

),

records as (

    select * from {{ ref('int_touched__records') }}

),

persons as (

    select * from {{ ref('int_nominals__persons') }}

),

built as (

    select * from {{ source('meta', 'builds') }}

),

sightings as (

    select * from {{ ref('idn_nominals__sightings') }}
    where {{ builds_on_what_stands() }}

),

events as (

    select * from ({{ events_of_every_kind() }}) as of_every_kind
    where {{ builds_on_what_stands() }}

),

nominals_seen_anew as (

    select sightings.nominal_id
    from sightings
    left join built on true
    where
        {{ is_new_delivery('sightings') }}
        or {{ known_differently(cut_off(), 'built.cut_off', 'sightings') }}

),

-- told of anew, or known, or superseded, between the two cut-offs
events_told_anew as (

    select
        events.offender_person_id,
        events.victim_person_id,
        events.other_person_id
    from events
    left join built on true
    where
        events.source_id in (select records.source_id from records)
        or {{ known_differently(cut_off(), 'built.cut_off', 'events') }}

),

told_anew as (

    select person_id from nominals
    union
    select person_id from persons
    where nominal_id in (select nominals_seen_anew.nominal_id from nominals_seen_anew)
    union
    select offender_person_id as person_id from events_told_anew
    union
    select victim_person_id as person_id from events_told_anew
    union
    select other_person_id as person_id from events_told_anew
    -- whose it was before
    {%- if timeline and dyad_timeline %}
        union
        select offender_person_id as person_id from {{ timeline }}
        where source_id in (select records.source_id from records)
        union
        select victim_person_id as person_id from {{ dyad_timeline }}
        where source_id in (select records.source_id from records)
    {%- endif %}

)

select person_id from told_anew
where person_id is not null
