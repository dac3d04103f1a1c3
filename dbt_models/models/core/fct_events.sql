-- one row per event, pair of offender and victim that it concerns, and version of what was known
with

events as (
    {{ events_of_every_kind() }}

)

select
    -- ids
    event_key,
    event_id,
    event_kind,
    source,
    source_id,
    crime_id,

    -- who
    dyad_id,
    offender_person_id,
    offender_nominal_id,
    offender_role,
    victim_person_id,
    victim_nominal_id,
    victim_role,
    other_person_id,
    other_nominal_id,
    other_role,

    -- what
    event_code,
    says_yes_to,
    offence_code,
    offence_group,
    harm_days,
    behaviour,
    is_contact,
    is_cancelled,
    is_counted_elsewhere,
    is_domestic,
    is_online,
    is_online_known_from_assumed,
    relationship,

    -- what its prose says
    told_codes,
    told_relationship,
    is_online_inferred,
    is_online_inferred_from,
    told_escalation_by,
    is_sign_of_stalking,

    -- where
    district,
    ward_id,
    location_kind,

    -- when it happened, and when we knew
    occurred_at,
    occurred_until_at,
    occurred_precision,
    first_recorded_at,
    recorded_at,
    known_from_at,
    known_until_at,

    -- where it came from
    _delivery_id,
    _source_file,
    _source_line
from events
