-- one row per version of a source row and nominal that it names
{%- set parties = {
    'surname': 'pii_surname', 'forename': 'pii_forename', 'middle_name': 'pii_middle_name',
    'date_of_birth': 'pii_date_of_birth', 'sex': 'sex', 'ethnicity': 'ethnicity', 'address': 'pii_address',
    'postcode': 'pii_postcode', 'phone': 'pii_phone',
} -%}
{%- set told = {
    'surname': 'pii_surname', 'forename': 'pii_forename', 'date_of_birth': 'pii_date_of_birth', 'sex': 'sex',
    'postcode': 'pii_postcode',
} -%}
{%- set heard = {'surname': 'pii_surname', 'forename': 'pii_forename', 'phone': 'pii_caller_phone'} -%}
{%- set victim = {
    'surname': 'pii_victim_surname', 'forename': 'pii_victim_forename', 'date_of_birth': 'pii_victim_date_of_birth',
    'sex': 'victim_sex', 'ethnicity': 'victim_ethnicity', 'address': 'pii_victim_address',
    'postcode': 'pii_victim_postcode', 'phone': 'pii_victim_phone',
} -%}
{%- set other = {
    'surname': 'pii_other_surname', 'forename': 'pii_other_forename', 'date_of_birth': 'pii_other_date_of_birth',
    'sex': 'other_sex', 'ethnicity': 'other_ethnicity', 'address': 'pii_other_address',
    'postcode': 'pii_other_postcode', 'phone': 'pii_other_phone',
} -%}
{%- set respondent = {
    'surname': 'pii_respondent_surname', 'forename': 'pii_respondent_forename',
    'date_of_birth': 'pii_respondent_date_of_birth',
} -%}
{%- set crime_side = "case when role = 'victim' then crime_id || ':v'"
    ~ " when role in ('suspect', 'charged') then crime_id || ':s' end" -%}
{%- set caller_side = "case when caller_role = 'victim'"
    ~ " then coalesce(crime_id, command_log_id) || ':v' end" -%}
{#- source, where it stands, the nominal, its part, the case that sources share, what is told of it -#}
{%- set namings = [
    ('crime_parties', ref('stg_crime_parties__parties'), 'nominal_id', 'role', crime_side, parties),
    ('custody', ref('stg_custody__detentions'), 'detainee_nominal_id', "'detainee'", "crime_id || ':s'", parties),
    ('contacts', ref('stg_contacts__contacts'), 'caller_nominal_id', 'caller_role', caller_side, heard),
    ('intelligence', ref('stg_intelligence__reports'), 'subject_nominal_id', "'subject'", none, told),
    ('intelligence', ref('stg_intelligence__reports'), 'other_nominal_id', "'other'", none, {}),
    ('domestic_incidents', ref('stg_domestic_incidents__incidents'), 'victim_nominal_id', "'victim'",
        "command_log_id || ':v'", victim),
    ('domestic_incidents', ref('stg_domestic_incidents__incidents'), 'other_nominal_id', "'other'",
        "command_log_id || ':s'", other),
    ('orders', ref('stg_orders__steps'), 'respondent_nominal_id', "'respondent'", none, respondent),
    ('orders', ref('stg_orders__steps'), 'protected_nominal_id', "'protected'", none, {}),
    ('risk_forms', ref('stg_risk_forms__forms'), 'victim_nominal_id', "'victim'", none, {}),
    ('risk_forms', ref('stg_risk_forms__forms'), 'suspect_nominal_id', "'suspect'", none, {}),
    ('investigation_actions', ref('stg_investigation_actions__actions'), 'nominal_id', "'acted on'", none, {}),
] -%}

{%- for source, relation, nominal, part, shared, fields in namings %}
    select
        '{{ source }}' as source,
        {{ nominal }} as nominal_id,
        {{ part }} as nominal_role,
        {{ shared or 'cast(null as varchar)' }} as shared_id,
        {{ fields.get('sex', 'cast(null as varchar)') }} as sex,
        {{ fields.get('ethnicity', 'cast(null as varchar)') }} as ethnicity,
        {{ fields.get('surname', 'cast(null as varchar)') }} as pii_surname,
        {{ fields.get('forename', 'cast(null as varchar)') }} as pii_forename,
        {{ fields.get('middle_name', 'cast(null as varchar)') }} as pii_middle_name,
        {{ fields.get('date_of_birth', 'cast(null as date)') }} as pii_date_of_birth,
        {{ fields.get('address', 'cast(null as varchar)') }} as pii_address,
        {{ fields.get('postcode', 'cast(null as varchar)') }} as pii_postcode,
        {{ fields.get('phone', 'cast(null as varchar)') }} as pii_phone,
        known_from_at,
        known_until_at,
        _delivery_id,
        _source_file,
        _source_line
    from {{ relation }}
    where {{ nominal }} is not null
    {{ 'union all' if not loop.last }}
{%- endfor %}
