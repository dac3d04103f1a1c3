-- one row per call or message in a device's or an operator's record, and version of it
with

versions as (

    {{ versions_of('communications', key=['record_ref'], recorded_at='created_at') }}

)

select
    -- ids
    record_ref as record_id,
    case_ref as crime_id,
    device_ref as pii_device_id,

    -- what it is
    attributed_to,
    attribution_basis,
    extract_kind,
    kind as communication_kind,
    duration_seconds,
    from_number as pii_from_number,
    to_number as pii_to_number,

    -- times
    started_at as occurred_at,
    created_at as recorded_at,
    known_from_at,
    known_until_at,

    -- where it came from
    _received_at,
    _delivery_id,
    _source_file,
    _source_line
from versions
