-- one row per version of a risk form, a structured assessment or a personal statement
with

versions as (

    {{ versions_of('risk_forms', key=['form_ref', 'updated_at'], recorded_at='updated_at') }}

)

select
    -- ids
    form_ref as form_id,
    crime_ref as crime_id,
    incident_ref as domestic_incident_id,
    victim_nominal_ref as victim_nominal_id,
    suspect_nominal_ref as suspect_nominal_id,

    -- the assessment
    form_kind,
    grade,
    form_text,

    -- answers: Y, N, or empty where left open
    q_frightened,
    q_injured,
    q_isolated,
    q_suicidal_thoughts,
    q_separated,
    q_child_contact,
    q_pregnant,
    q_constant_contact,
    q_controlling,
    q_escalating,
    q_strangled,
    q_weapons,
    q_threats_to_kill,
    q_sexual_harm,
    q_substance_misuse,
    q_suspect_suicide_threats,
    q_order_breached,
    q_police_history,

    -- times
    completed_at as occurred_at,
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
