-- one row per crime, in its version as known at the cut-off
with

offences as (

    select * from {{ ref('stg_crimes__offences') }}

),

offence_codes as (

    select * from {{ ref('offence_codes') }}

),

outcome_codes as (

    select * from {{ ref('outcome_codes') }}

),

crimes as (

    select
        *,
        {{ is_default_date('occurred_at') }} as is_year_only
    from offences
    where {{ known_before(cut_off(), 'offences') }}

)

select
    -- ids
    crimes.crime_id,
    crimes.principal_crime_id,

    -- what it is called
    crimes.offence_code,
    offence_codes.title as offence_title,
    offence_codes.offence_group,
    offence_codes.harm_days,
    offence_codes.harm_source,
    crimes.first_offence_code,
    first_codes.title as first_offence_title,
    crimes.offence_code <> crimes.first_offence_code as is_reclassified,
    crimes.status,

    -- how it ended
    crimes.outcome_code,
    outcome_codes.title as outcome_title,
    outcome_codes.outcome_group,
    outcome_codes.is_positive as is_positive_outcome,
    crimes.outcome_at,

    -- what is told of it
    crimes.is_domestic,
    crimes.is_cyber,
    crimes.is_cyber_known_from_assumed,
    crimes.has_weapon,
    crimes.has_vulnerable_victim,
    crimes.has_vulnerable_victim_known_from_assumed,
    crimes.report_channel,
    crimes.reported_by,
    crimes.team,
    crimes.allocation_score,

    -- where
    crimes.district,
    crimes.ward_id,
    crimes.location_kind,

    -- when
    crimes.occurred_at,
    crimes.occurred_until_at,
    crimes.is_year_only,
    crimes.reported_at,
    crimes.first_recorded_at,
    crimes.recorded_at,
    crimes.known_from_at,
    case
        when not crimes.is_year_only
            then {{ days_between('crimes.occurred_at', 'crimes.first_recorded_at') }}
    end as recording_lag_days,
    {{ days_between('crimes.reported_at', 'crimes.outcome_at') }} as outcome_lag_days
from crimes
left join offence_codes on crimes.offence_code = offence_codes.offence_code
left join offence_codes as first_codes on crimes.first_offence_code = first_codes.offence_code
left join outcome_codes on crimes.outcome_code = outcome_codes.outcome_code
