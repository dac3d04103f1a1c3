-- one row per version of a graded report about a nominal
with

versions as (

    {{ versions_of('intelligence', key=['report_ref', 'updated_at'], recorded_at='updated_at') }}

)

select
    -- ids
    report_ref as report_id,
    subject_ref as subject_nominal_id,
    other_subject_ref as other_nominal_id,

    -- the report
    source_grade,
    information_grade,
    handling_code,
    provenance,
    report_text,
    sex,

    -- who, as told
    surname as pii_surname,
    forename as pii_forename,
    date_of_birth as pii_date_of_birth,
    postcode as pii_postcode,

    -- times
    event_on as occurred_date,
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
