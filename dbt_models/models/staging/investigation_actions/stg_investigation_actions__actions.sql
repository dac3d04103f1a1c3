-- one row per thing done in an investigation, and version of it
with

versions as (

    {{ versions_of('investigation_actions', key=['action_ref'], recorded_at='created_at') }}

)

select
    -- ids
    action_ref as action_id,
    crime_ref as crime_id,
    nominal_ref as nominal_id,

    -- the action
    action_kind,
    result,
    detail,

    -- times
    action_at as occurred_at,
    created_at as recorded_at,
    known_from_at,
    known_until_at,

    -- where it came from
    _received_at,
    _delivery_id,
    _source_file,
    _source_line
from versions
