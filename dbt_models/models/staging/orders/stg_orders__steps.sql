-- one row per step in the life of a protective order, and version of it
with

versions as (

    {{ versions_of('orders', key=['order_ref', 'step', 'step_at'], recorded_at='created_at') }}

)

select
    -- ids
    order_ref as order_id,
    crime_ref as crime_id,
    breach_crime_ref as breach_crime_id,
    respondent_nominal_ref as respondent_nominal_id,
    protected_nominal_ref as protected_nominal_id,

    -- the step
    order_kind,
    step,
    reason_not_pursued,
    conditions,
    managing_officer,

    -- the respondent, as typed
    respondent_surname as pii_respondent_surname,
    respondent_forename as pii_respondent_forename,
    respondent_date_of_birth as pii_respondent_date_of_birth,

    -- times
    step_at as occurred_at,
    expires_on as expires_date,
    created_at as recorded_at,
    known_from_at,
    known_until_at,

    -- where it came from
    _received_at,
    _delivery_id,
    _source_file,
    _source_line
from versions
