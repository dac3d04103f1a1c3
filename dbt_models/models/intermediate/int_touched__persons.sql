-- one row per person of whom something else is known than when the marts were last built
with

nominals as (

    select * from {{ ref('int_touched__nominals') }}

),

parts as (

    select * from {{ ref('int_touched__parts') }}

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

nominals_seen_anew as (

    select sightings.nominal_id
    from sightings
    left join built on true
    where
        {{ is_new_delivery('sightings') }}
        or {{ known_differently(cut_off(), 'built.cut_off', 'sightings') }}

),

told_anew as (

    select person_id from nominals
    union
    select person_id from persons
    where nominal_id in (select nominals_seen_anew.nominal_id from nominals_seen_anew)
    union
    select offender_person_id as person_id from parts
    union
    select victim_person_id as person_id from parts
    union
    select other_person_id as person_id from parts

)

select person_id from told_anew
where person_id is not null
