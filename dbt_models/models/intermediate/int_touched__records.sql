-- one row per source and record of it of which, or of whose crime or people, something is told anew
{#- source, what numbers its records, the crimes they name, the nominals they name -#}
{%- set records = [
    ('crimes', 'crime_ref', ['crime_ref'], []),
    ('risk_forms', 'form_ref', ['crime_ref'], ['suspect_nominal_ref', 'victim_nominal_ref']),
    ('custody', 'custody_ref', ['crime_ref'], ['detainee_ref']),
    ('contacts', 'contact_ref', ['crime_ref'], ['caller_ref']),
    ('command_logs', 'incident_ref', ['crime_ref'], []),
    ('case_notes', 'note_ref', ['crime_ref'], []),
    ('intelligence', 'report_ref', [], ['subject_ref', 'other_subject_ref']),
    ('domestic_incidents', 'incident_ref', [], ['victim_nominal_ref', 'other_nominal_ref']),
    ('orders', order_step_id('record.order_ref', 'record.step', 'record.step_at'), ['crime_ref', 'breach_crime_ref'], ['respondent_nominal_ref', 'protected_nominal_ref']),
    ('investigation_actions', 'action_ref', ['crime_ref'], ['nominal_ref']),
] %}
with

crimes as (

    select * from {{ ref('int_touched__crimes') }}

),

nominals as (

    select * from {{ ref('int_touched__nominals') }}

),

told_anew as (

    {% for system, number, crime_columns, nominal_columns in records -%}
        select
            '{{ system }}' as source,
            {{ number if '.' in number else 'record.' ~ number }} as source_id
        from {{ source('raw', system) }} as record
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

contacts as (

    select * from {{ source('raw', 'contacts') }}
    where {{ builds_on_what_stands() }}

),

incidents as (

    select * from {{ source('raw', 'domestic_incidents') }}
    where {{ builds_on_what_stands() }}

),

forms as (

    select * from {{ source('raw', 'risk_forms') }}
    where {{ builds_on_what_stands() }}

),

contacts_told_anew as (

    select source_id from told_anew
    where source = 'contacts'

),

incidents_told_anew as (

    select source_id from told_anew
    where source = 'domestic_incidents'

)

select
    source,
    source_id
from told_anew
union
-- a call and a domestic incident tell of the log that they name
select
    'command_logs' as source,
    incident_ref as source_id
from contacts
where contact_ref in (select contacts_told_anew.source_id from contacts_told_anew)
union
select
    'command_logs' as source,
    command_log_ref as source_id
from incidents
where incident_ref in (select incidents_told_anew.source_id from incidents_told_anew)
union
-- and a domestic incident of the form that names it
select
    'risk_forms' as source,
    form_ref as source_id
from forms
where incident_ref in (select incidents_told_anew.source_id from incidents_told_anew)
