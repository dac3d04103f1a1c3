-- one row per person whose timelines hold something else than when they were last built
with

nominals as (

    select * from {{ ref('int_touched__nominals') }}

),

parts as (

    select * from {{ ref('int_touched__parts') }}

),

events as (

    select * from ({{ events_of_every_kind() }}) as of_every_kind
    where {{ builds_on_what_stands() }}

),

offenders as (

    select person_id from nominals
    union
    select offender_person_id as person_id from parts
    union
    -- a dyad tells whether there is one in the other direction
    select offender_person_id as person_id from events
    where dyad_id in (select parts.victim_person_id || '>' || parts.offender_person_id from parts)

)

select person_id from offenders
where person_id is not null
