-- one row per call, live chat, online report or visit to a counter, and version of it
with

versions as (

    {{ versions_of('contacts', key=['contact_ref'], recorded_at='created_at') }}

)

select
    -- ids
    contact_ref as contact_id,
    caller_ref as caller_nominal_id,
    incident_ref as command_log_id,
    crime_ref as crime_id,

    -- what it was
    channel,
    caller_role,
    category,
    closing_code,

    -- who, as heard
    surname as pii_surname,
    forename as pii_forename,
    caller_phone as pii_caller_phone,

    -- where
    district,
    ward_id,

    -- times
    contact_at as occurred_at,
    created_at as recorded_at,
    known_from_at,
    known_until_at,

    -- where it came from
    _received_at,
    _delivery_id,
    _source_file,
    _source_line
from versions
