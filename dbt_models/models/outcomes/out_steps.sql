-- one row per step of an investigation, record that tells of it, and version of what was known
{%- set told_by_custody = [
    ('arrested', 'occurred_at', 'true'),
    ('interviewed', 'interviewed_at', 'true'),
    ('charged', 'disposal_at', "disposal = 'charged'"),
] %}
with

actions as (

    select * from {{ ref('stg_investigation_actions__actions') }}

),

detentions as (

    select * from {{ ref('stg_custody__detentions') }}

),

offences as (

    select * from {{ ref('out_offences') }}

),

steps as (

    select
        crime_id,
        case action_kind
            when 'arrest' then 'arrested'
            when 'interview' then 'interviewed'
            when 'withdrawal_statement' then 'withdrawn'
            when 'submitted_to_cps' then 'submitted'
            when 'charge' then 'charged'
        end as step,
        occurred_at,
        'investigation_actions' as source,
        action_id as source_id,
        known_from_at,
        known_until_at
    from actions
    where action_kind in ('arrest', 'interview', 'withdrawal_statement', 'submitted_to_cps', 'charge')
    {% for step, moment, holds in told_by_custody -%}
        union all
        select
            crime_id,
            '{{ step }}' as step,
            {{ moment }} as occurred_at,
            'custody' as source,
            custody_id as source_id,
            known_from_at,
            known_until_at
        from detentions
        where {{ moment }} is not null and {{ holds }}
    {% endfor -%}
    union all
    select
        crime_id,
        case outcome_group when 'charged' then 'charged' else 'withdrawn' end as step,
        outcome_at as occurred_at,
        'crimes' as source,
        crime_id as source_id,
        known_from_at,
        known_until_at
    from offences
    where outcome_group in ('charged', 'victim_does_not_support')

)

select
    {{ key_of(['step', 'source', 'source_id', 'known_from_at']) }} as step_key,
    crime_id,
    step,
    occurred_at,
    source,
    source_id,
    known_from_at,
    known_until_at
from steps
where crime_id is not null and {{ are_known_together(['steps']) }}
