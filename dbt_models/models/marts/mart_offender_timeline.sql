-- one row per event of an offender, as known at the cut-off
{%- set shown = ['known.event_kind', 'known.offence_code', 'known.says_yes_to', 'known.told_codes'] %}
with

first_events as (

    select
        offender_person_id,
        event_id,
        count(*) as new_victims
    from {{ ref('fct_steps') }}
    where
        timeline_kind = 'dyad'
        and event_number = 1
        and {{ is_touched('offender_person_id', 'int_touched__offenders') }}
    group by offender_person_id, event_id

),

steps as (

    select
        steps.*,
        coalesce(first_events.new_victims, 0) as new_victims,
        coalesce(sum(first_events.new_victims) over (
            partition by steps.timeline_id order by steps.event_number
            rows between unbounded preceding and current row
        ), 0) as victims_so_far
    from {{ ref('fct_steps') }} as steps
    left join first_events on {{ equal_on(['offender_person_id', 'event_id'], 'steps', 'first_events') }}
    where
        steps.timeline_kind = 'offender'
        and {{ is_touched('steps.offender_person_id', 'int_touched__offenders') }}

),

escalation as (

    select * from {{ ref('fct_escalation') }}

),

event_kinds as (

    select * from {{ ref('event_kinds') }}

),

offence_codes as (

    select * from {{ ref('offence_codes') }}

),

indicators as (

    select * from {{ ref('dim_indicators') }}

),

recording_days as (

    select * from {{ ref('dim_recording_days') }}

),

known as (

    select * from {{ ref('fct_events') }} as events
    where
        {{ known_before(cut_off(), 'events') }}
        and {{ is_touched('offender_person_id', 'int_touched__offenders') }}

)

select
    -- whose timeline
    known.offender_person_id,
    case when steps.victims = 1 then known.victim_person_id end as victim_person_id,
    case when steps.victims = 1 then known.dyad_id end as dyad_id,
    steps.victims,
    steps.new_victims,
    cast(steps.victims_so_far as bigint) as victims_so_far,

    -- the event
    steps.event_number,
    known.event_id,
    known.event_kind,
    event_kinds.title as event_title,
    known.offender_role,
    known.crime_id,
    known.event_code,
    known.says_yes_to,
    known.offence_code,
    offence_codes.title as offence_title,
    known.offence_group,
    known.harm_days,
    known.behaviour,
    known.is_contact,
    known.is_cancelled,
    known.is_counted_elsewhere,
    known.is_domestic,
    known.is_online,
    known.is_online_known_from_assumed,
    known.relationship,

    -- what its prose says
    known.told_codes,
    known.told_relationship,
    known.is_online_inferred,
    known.is_online_inferred_from,
    known.told_escalation_by,
    known.is_sign_of_stalking,
    steps.signs_so_far,

    -- where
    known.district,
    known.ward_id,

    {{ steps_told() }}
from known
inner join steps on known.event_key = steps.event_key
{{ told_anew('steps', 'offender_person_id', 'int_touched__offenders', 'occurred_at') }}
inner join event_kinds on known.event_kind = event_kinds.event_kind
left join escalation on {{ equal_on(['timeline_id', 'event_key'], 'steps', 'escalation') }}
left join offence_codes on known.offence_code = offence_codes.offence_code
left join recording_days on cast(known.first_recorded_at as date) = recording_days.recorded_date
left join recording_days as begun on cast(steps.first_recorded_so_far_at as date) = begun.recorded_date
left join indicators
    on {{ key_of(shown) }} = indicators.shown_key
