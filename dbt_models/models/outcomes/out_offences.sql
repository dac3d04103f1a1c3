-- one row per offence and version of its police outcome
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

-- told up to this version, so that no version knows of a later one; most crimes keep their first name
renamed as (

    select
        _delivery_id,
        _source_file,
        _source_line,
        min(recorded_at) over (
            partition by crime_id, offence_code
            order by {{ version_order('offences') }}
            rows between unbounded preceding and current row
        ) as reclassified_at
    from offences
    where offence_code <> first_offence_code

)

select
    -- ids
    offences.crime_id,
    offences.principal_crime_id,

    -- what it is called
    offences.first_offence_code,
    first_codes.offence_group as first_offence_group,
    offences.offence_code,
    offence_codes.offence_group,
    offences.offence_code <> offences.first_offence_code as is_reclassified,
    renamed.reclassified_at,
    offences.status,
    coalesce(offences.status = 'cancelled', false) as is_cancelled,

    -- how it ended
    offences.outcome_code,
    outcome_codes.outcome_group,
    outcome_codes.is_positive as is_positive_outcome,
    offences.outcome_at,

    -- what is told of it
    offences.is_domestic,
    offences.district,

    -- when it happened, and when we knew
    offences.occurred_at,
    {{ occurred_precision('offences.occurred_at') }} as occurred_precision,
    coalesce(offences.reported_at, offences.first_recorded_at) as reported_at,
    offences.first_recorded_at,
    offences.recorded_at,
    offences.known_from_at,
    offences.known_until_at,

    -- where it came from
    offences._delivery_id,
    offences._source_file,
    offences._source_line
from offences
left join renamed on {{ same_row('offences', 'renamed') }}
left join offence_codes on offences.offence_code = offence_codes.offence_code
left join offence_codes as first_codes on offences.first_offence_code = first_codes.offence_code
left join outcome_codes on offences.outcome_code = outcome_codes.outcome_code
where {{ are_known_together(['offences']) }}
