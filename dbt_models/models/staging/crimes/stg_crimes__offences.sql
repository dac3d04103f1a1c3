-- one row per version of a recorded offence
with

versions as (

    {{ versions_of('crimes', key=['crime_ref', 'updated_at'], recorded_at='updated_at') }}

)

select
    -- ids
    crime_ref as crime_id,
    principal_crime_ref as principal_crime_id,

    -- what it is called
    first_class_code as first_offence_code,
    class_code as offence_code,
    status,
    outcome_code,

    -- what is told of it
    domestic_flag as is_domestic,
    cyber_flag as is_cyber,
    {{ known_from_assumed('versions') }} as is_cyber_known_from_assumed,
    weapon_flag as has_weapon,
    vulnerable_victim_flag as has_vulnerable_victim,
    {{ known_from_assumed('versions') }} as has_vulnerable_victim_known_from_assumed,
    report_channel,
    reported_by,
    team,
    allocation_score,
    mo_text,

    -- where
    district,
    ward_id,
    location_kind,
    postcode as pii_postcode,

    -- times
    committed_from as occurred_at,
    committed_to as occurred_until_at,
    reported_at,
    outcome_at,
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
