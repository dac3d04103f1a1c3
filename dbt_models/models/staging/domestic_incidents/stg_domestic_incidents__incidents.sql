-- one row per version of a domestic incident in which no offence was found
with

versions as (

    {{ versions_of('domestic_incidents', key=['incident_ref', 'updated_at'], recorded_at='updated_at') }}

)

select
    -- ids
    incident_ref as domestic_incident_id,
    command_log_ref as command_log_id,
    victim_nominal_ref as victim_nominal_id,
    other_nominal_ref as other_nominal_id,

    -- what it was
    relationship,
    risk_grade,
    children_present as has_children_present,
    incident_text,

    -- where
    district,
    ward_id,

    -- the victim, in the officer's view on the night
    victim_sex,
    victim_ethnicity,
    victim_surname as pii_victim_surname,
    victim_forename as pii_victim_forename,
    victim_date_of_birth as pii_victim_date_of_birth,
    victim_address as pii_victim_address,
    victim_postcode as pii_victim_postcode,
    victim_phone as pii_victim_phone,

    -- the other party
    other_sex,
    other_ethnicity,
    other_surname as pii_other_surname,
    other_forename as pii_other_forename,
    other_date_of_birth as pii_other_date_of_birth,
    other_address as pii_other_address,
    other_postcode as pii_other_postcode,
    other_phone as pii_other_phone,

    -- times
    occurred_at,
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
