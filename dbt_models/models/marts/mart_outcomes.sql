-- one row per offence, with its way through the investigation as known at the cut-off
{%- set steps = ['arrested', 'interviewed', 'withdrawn', 'submitted', 'charged'] %}
with

offences as (

    select * from {{ ref('out_offences') }}

),

events as (

    select * from {{ ref('fct_events') }}
    where event_kind = 'crime'

),

steps_told as (

    select * from {{ ref('out_steps') }}

),

offence_codes as (

    select * from {{ ref('offence_codes') }}

),

outcome_codes as (

    select * from {{ ref('outcome_codes') }}

),

crimes as (

    select * from offences
    where {{ known_before(cut_off(), 'offences') }}

),

people as (

    select
        crime_id,
        count(distinct offender_person_id) as offenders,
        count(distinct victim_person_id) as victims,
        max(dyad_id) as dyad_id
    from events
    where {{ known_before(cut_off(), 'events') }}
    group by crime_id

),

dated as (

    select
        {% for step in steps -%}
            min(case when step = '{{ step }}' then occurred_at end) as {{ step }}_at,
        {% endfor -%}
        crime_id
    from steps_told
    where {{ known_before(cut_off(), 'steps_told') }}
    group by crime_id

)

select
    -- the offence, and who
    crimes.crime_id,
    crimes.principal_crime_id,
    case when people.offenders = 1 and people.victims = 1 then people.dyad_id end as dyad_id,
    coalesce(people.offenders, 0) as offenders,
    coalesce(people.victims, 0) as victims,
    crimes.district,
    crimes.is_domestic,
    crimes.status,

    -- what it was called, and is
    crimes.first_offence_code,
    first_codes.title as first_offence_title,
    crimes.first_offence_group,
    crimes.offence_code,
    offence_codes.title as offence_title,
    crimes.offence_group,
    crimes.is_reclassified,
    crimes.reclassified_at,

    -- how it ended
    crimes.outcome_code,
    outcome_codes.title as outcome_title,
    crimes.outcome_group,
    crimes.is_positive_outcome,
    crimes.outcome_at,

    -- the steps on the way
    {% for step in steps -%}
        dated.{{ step }}_at,
    {% endfor %}
    -- days from the report to each
    {% for step in ['reclassified', 'outcome'] -%}
        {{ days_between('crimes.reported_at', 'crimes.' ~ step ~ '_at') }} as days_to_{{ step }},
    {% endfor %}
    {% for step in steps -%}
        {{ days_between('crimes.reported_at', 'dated.' ~ step ~ '_at') }} as days_to_{{ step }},
    {% endfor %}
    -- when it happened, and when we knew
    crimes.occurred_at,
    crimes.occurred_precision,
    crimes.reported_at,
    crimes.first_recorded_at,
    crimes.recorded_at,
    crimes.known_from_at,

    -- where it came from
    crimes._delivery_id,
    crimes._source_file,
    crimes._source_line
from crimes
left join people on crimes.crime_id = people.crime_id
left join dated on crimes.crime_id = dated.crime_id
left join offence_codes on crimes.offence_code = offence_codes.offence_code
left join offence_codes as first_codes on crimes.first_offence_code = first_codes.offence_code
left join outcome_codes on crimes.outcome_code = outcome_codes.outcome_code
