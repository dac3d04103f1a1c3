-- one row per version of a detention
with

versions as (

    {{ versions_of('custody', key=['custody_ref', 'updated_at'], recorded_at='updated_at') }}

)

select
    -- ids
    custody_ref as custody_id,
    detainee_ref as detainee_nominal_id,
    crime_ref as crime_id,

    -- the detention
    offence_code,
    interview_account,
    disposal,
    sentence_days,
    mental_health_flag as has_mental_health_flag,
    alcohol_flag as has_alcohol_flag,
    drugs_flag as has_drugs_flag,
    self_harm_flag as has_self_harm_flag,
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
    arrested_at as occurred_at,
    interviewed_at,
    disposal_at,
    released_at,
    sentence_at,
    release_notice_at,
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
