-- one row per day on which an event was first recorded, with the recording rules of that day
with

events as (

    select * from {{ ref('fct_events') }}

),

rules as (

    select * from {{ ref('recording_rules') }}

),

days as (

    select distinct cast(first_recorded_at as date) as recorded_date from events
    where first_recorded_at is not null and {{ known_before(cut_off(), 'events') }}

),

ruled as (

    select
        days.recorded_date,
        rules.recording_regime,
        rules.domestic_relationships,
        row_number() over (partition by days.recorded_date order by rules.valid_from_date desc) as turn
    from days
    inner join rules on days.recorded_date >= rules.valid_from_date

)

select
    recorded_date,
    recording_regime,
    domestic_relationships
from ruled
where turn = 1
