-- one row per event of a dyad, as known at the cut-off
{%- set shown = ['known.event_kind', 'known.offence_code', 'known.says_yes_to', 'known.told_codes'] %}
with

steps as (

    select steps.* from {{ ref('fct_steps') }} as steps
    {{ told_anew('steps', 'offender_person_id', 'int_touched__offenders', 'occurred_at') }}
    where steps.timeline_kind = 'dyad'

),

escalation as (

    select * from {{ ref('fct_escalation') }}

),

dyads as (

    select * from {{ ref('dim_dyads') }}

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
    known.dyad_id,
    known.offender_person_id,
    known.victim_person_id,
    reverse_dyads.dyad_id is not null as has_reverse_dyad,

    -- the event
    steps.event_number,
    known.event_id,
    known.event_kind,
    event_kinds.title as event_title,
    known.offender_role,
    known.victim_role,
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
inner join event_kinds on known.event_kind = event_kinds.event_kind
left join escalation on {{ equal_on(['timeline_id', 'event_key'], 'steps', 'escalation') }}
left join offence_codes on known.offence_code = offence_codes.offence_code
left join recording_days on cast(known.first_recorded_at as date) = recording_days.recorded_date
left join recording_days as begun on cast(steps.first_recorded_so_far_at as date) = begun.recorded_date
left join indicators
    on {{ key_of(shown) }} = indicators.shown_key
left join dyads as reverse_dyads
    on known.victim_person_id || '>' || known.offender_person_id = reverse_dyads.dyad_id
