-- one row per fix of a device or vehicle, and version of it
with

versions as (

    {{ versions_of('locations', key=['fix_ref'], recorded_at='created_at') }}

)

select
    -- ids
    fix_ref as fix_id,
    case_ref as crime_id,
    device_ref as pii_device_id,

    -- what it is
    attributed_to,
    attribution_basis,
    method,
    longitude as pii_longitude,
    latitude as pii_latitude,
    radius_metres,

    -- times
    fixed_at as occurred_at,
    created_at as recorded_at,
    known_from_at,
    known_until_at,

    -- where it came from
    _received_at,
    _delivery_id,
    _source_file,
    _source_line
from versions
