-- one row per version of a nominal in a role in a crime
with

versions as (

    {{ versions_of('crime_parties', key=['party_ref', 'updated_at'], recorded_at='updated_at') }}

)

select
    -- ids
    party_ref as party_id,
    crime_ref as crime_id,
    nominal_ref as nominal_id,

    -- the part taken
    role,
    relationship,
    is_vulnerable,
    mental_health_flag as has_mental_health_flag,
    sex,
    ethnicity,

    -- who, as typed
    surname as pii_surname,
    forename as pii_forename,
    middle_name as pii_middle_name,
    date_of_birth as pii_date_of_birth,
    address as pii_address,
    postcode as pii_postcode,
    phone as pii_phone,

    -- times
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
