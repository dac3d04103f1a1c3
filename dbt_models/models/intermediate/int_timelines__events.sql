-- one row per event with a part for somebody whom a build that goes on from the last one makes again
with

events as (

    select * from ({{ events_of_every_kind() }}) as of_every_kind
    where {{ builds_on_what_stands() }}

),

offenders as (

    select * from {{ ref('int_touched__offenders') }}

),

persons as (

    select person_id from {{ ref('int_touched__persons') }}
    union
    select person_id from offenders

)

select events.*
from events
where
    {{ known_before(cut_off(), 'events') }}
    and (
        events.offender_person_id in (select persons.person_id from persons)
        or events.victim_person_id in (select persons.person_id from persons)
        or events.other_person_id in (select persons.person_id from persons)
    )
