-- one row per source and record of it of which something is told anew, or of its crime, or of who its people are
{#- source, where it stands, id, the crimes it names, the nominals it names -#}
{%- set records = [
    ('crimes', ref('stg_crimes__offences'), 'crime_id', ['crime_id'], []),
    ('risk_forms', ref('stg_risk_forms__forms'), 'form_id', ['crime_id'], ['suspect_nominal_id', 'victim_nominal_id']),
    ('custody', ref('stg_custody__detentions'), 'custody_id', ['crime_id'], ['detainee_nominal_id']),
    ('contacts', ref('stg_contacts__contacts'), 'contact_id', ['crime_id'], ['caller_nominal_id']),
    ('command_logs', ref('stg_command_logs__incidents'), 'command_log_id', ['crime_id'], []),
    ('case_notes', ref('stg_case_notes__notes'), 'note_id', ['crime_id'], []),
    ('intelligence', ref('stg_intelligence__reports'), 'report_id', [], ['subject_nominal_id', 'other_nominal_id']),
    ('domestic_incidents', ref('stg_domestic_incidents__incidents'), 'domestic_incident_id', [],
        ['victim_nominal_id', 'other_nominal_id']),
    ('orders', ref('stg_orders__steps'), order_step_id('record'), ['crime_id', 'breach_crime_id'],
        ['respondent_nominal_id', 'protected_nominal_id']),
    ('investigation_actions', ref('stg_investigation_actions__actions'), 'action_id', ['crime_id'], ['nominal_id']),
] %}
with

crimes as (

    select * from {{ ref('int_touched__crimes') }}

),

nominals as (

    select * from {{ ref('int_touched__nominals') }}

),

told_anew as (

    {% for source, relation, id, crime_columns, nominal_columns in records -%}
        select
            '{{ source }}' as source,
            {{ id if '.' in id else 'record.' ~ id }} as source_id
        from {{ relation }} as record
        where
            {{ builds_on_what_stands() }}
            and (
                {{ is_new_delivery('record') }}
                {% for column in crime_columns -%}
                    or record.{{ column }} in (select crimes.crime_id from crimes)
                {% endfor -%}
                {% for column in nominal_columns -%}
                    or record.{{ column }} in (select nominals.nominal_id from nominals)
                {% endfor %}
            )
        {{ 'union' if not loop.last }}
    {% endfor %}

),

-- what names a log tells of it
logs_told_of as (

    select command_log_id
    from {{ ref('stg_contacts__contacts') }}
    where contact_id in (select told_anew.source_id from told_anew where told_anew.source = 'contacts')
    union
    select command_log_id
    from {{ ref('stg_domestic_incidents__incidents') }}
    where
        domestic_incident_id in (
            select told_anew.source_id from told_anew
            where told_anew.source = 'domestic_incidents'
        )

),

-- and a domestic incident tells of the form that names it
forms_told_of as (

    select form_id
    from {{ ref('stg_risk_forms__forms') }}
    where
        domestic_incident_id in (
            select told_anew.source_id from told_anew
            where told_anew.source = 'domestic_incidents'
        )

)

select
    source,
    source_id
from told_anew
union
select
    'command_logs' as source,
    command_log_id as source_id
from logs_told_of
where command_log_id is not null
union
select
    'risk_forms' as source,
    form_id as source_id
from forms_told_of
