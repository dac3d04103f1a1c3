-- one row per version of an incident log, whether or not a crime followed
with

versions as (

    {{ versions_of('command_logs', key=['incident_ref', 'updated_at'], recorded_at='updated_at') }}

)

select
    -- ids
    incident_ref as command_log_id,
    crime_ref as crime_id,

    -- what it was
    opening_code,
    closing_code,
    priority,
    domestic_flag as is_domestic,
    log_text,

    -- where, and who called
    district,
    ward_id,
    postcode as pii_postcode,
    caller_phone as pii_caller_phone,

    -- times
    started_at as occurred_at,
    closed_at,
    created_at as first_recorded_at,
    updated_at as recorded_at,
    known_from_at,
    known_until_at,

    -- where it came from
    _received_at,
    _delivery_id,
    _source_file,
    _source_line
from versions
