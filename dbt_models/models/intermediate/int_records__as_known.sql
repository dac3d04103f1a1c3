-- one row per record of any source that has a moment of its own, in its version as known at the cut-off
{%- set no = 'cast(null as boolean)' -%}
{#- source, where it stands, moment, first entry, district, crime, nominal, prose -#}
{%- set records = [
    ('crimes', ref('stg_crimes__offences'), 'occurred_at', 'first_recorded_at', 'district', none, none, 'mo_text'),
    ('risk_forms', ref('stg_risk_forms__forms'), 'occurred_at', 'first_recorded_at', none,
        'crime_id', 'suspect_nominal_id', 'form_text'),
    ('custody', ref('stg_custody__detentions'), 'occurred_at', 'first_recorded_at', none,
        'crime_id', 'detainee_nominal_id', none),
    ('contacts', ref('stg_contacts__contacts'), 'occurred_at', 'recorded_at', 'district',
        'crime_id', 'caller_nominal_id', none),
    ('command_logs', ref('stg_command_logs__incidents'), 'occurred_at', 'first_recorded_at', 'district',
        'crime_id', none, 'log_text'),
    ('case_notes', ref('stg_case_notes__notes'), 'occurred_at', 'recorded_at', none, 'crime_id', none, 'note_text'),
    ('intelligence', ref('stg_intelligence__reports'), 'occurred_date', 'first_recorded_at', none,
        none, 'subject_nominal_id', 'report_text'),
    ('domestic_incidents', ref('stg_domestic_incidents__incidents'), 'occurred_at', 'first_recorded_at', 'district',
        none, 'other_nominal_id', 'incident_text'),
    ('orders', ref('stg_orders__steps'), 'occurred_at', 'recorded_at', none,
        'crime_id', 'respondent_nominal_id', none),
    ('investigation_actions', ref('stg_investigation_actions__actions'), 'occurred_at', 'recorded_at', none,
        'crime_id', 'nominal_id', none),
    ('communications', ref('stg_communications__records'), 'occurred_at', 'recorded_at', none, 'crime_id', none, none),
    ('locations', ref('stg_locations__fixes'), 'occurred_at', 'recorded_at', none, 'crime_id', none, none),
] %}

{%- for source, relation, moment, entry, district, crime, nominal, prose in records %}
    select
        '{{ source }}' as source,
        {{ district or 'cast(null as varchar)' }} as district,
        cast({{ moment }} as timestamp) as occurred_at,
        {{ entry }} as first_recorded_at,
        {{ crime ~ ' is null' if crime else no }} as is_without_crime,
        {{ nominal ~ ' is null' if nominal else no }} as is_without_nominal,
        {{ prose ~ ' is null' if prose else no }} as is_without_prose
    from {{ relation }} as known
    where {{ known_before(cut_off(), 'known') }}
    {{ 'union all' if not loop.last }}
{%- endfor %}
