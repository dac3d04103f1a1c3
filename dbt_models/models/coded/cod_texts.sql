-- one row per version of a record that holds prose
{%- set records = [
    ('crimes', ref('stg_crimes__offences'), 'crime_id', 'mo_text'),
    ('risk_forms', ref('stg_risk_forms__forms'), 'form_id', 'form_text'),
    ('command_logs', ref('stg_command_logs__incidents'), 'command_log_id', 'log_text'),
    ('case_notes', ref('stg_case_notes__notes'), 'note_id', 'note_text'),
    ('intelligence', ref('stg_intelligence__reports'), 'report_id', 'report_text'),
    ('domestic_incidents', ref('stg_domestic_incidents__incidents'), 'domestic_incident_id', 'incident_text'),
] %}

{%- for source, relation, number, prose in records %}
    select
        '{{ source }}' as source,
        {{ number }} as source_id,
        {{ text_id(prose) }} as text_id,
        {{ prose }} as prose_text,
        known_from_at,
        known_until_at
    from {{ relation }}
    where {{ prose }} is not null
    {{ 'union all' if not loop.last }}
{%- endfor %}
