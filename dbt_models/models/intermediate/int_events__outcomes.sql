-- one row per outcome of a crime, pair that the crime concerns, and version of what was known
with

offences as (

    select * from {{ ref('stg_crimes__offences') }}
    where {{ is_touched('crime_id', 'int_touched__records') }}

),

pairs as (

    select * from {{ as_needed(ref('int_crimes__pairs'), 'crime_id', 'offences') }}

),

recorded as (

    select
        -- ids
        {{ event_id('crimes', 'offences.crime_id', "'outcome'") }} as event_id,
        'outcome' as event_kind,
        'crimes' as source,
        offences.crime_id as source_id,
        offences.crime_id,

        -- what it is
        offences.outcome_code as event_code,
        cast(null as varchar) as says_yes_to,
        offences.offence_code,
        offences.district,
        cast(null as varchar) as ward_id,
        cast(null as varchar) as location_kind,
        cast(null as boolean) as is_domestic,
        cast(null as boolean) as is_online,
        cast(null as boolean) as is_online_known_from_assumed,
        cast(null as varchar) as relationship,
        coalesce(offences.status = 'cancelled', false) as is_cancelled,
        false as is_counted_elsewhere,
        cast(null as varchar) as text_id,

        -- whom it concerns
        pairs.offender_nominal_id,
        pairs.offender_role,
        pairs.victim_nominal_id,
        pairs.victim_role,
        cast(null as varchar) as other_nominal_id,
        cast(null as varchar) as other_role,

        -- when it happened, and when we knew
        offences.outcome_at as occurred_at,
        cast(null as timestamp) as occurred_until_at,
        {{ occurred_precision('offences.outcome_at') }} as occurred_precision,
        offences.first_recorded_at,
        offences.recorded_at,
        {{ known_together(['offences', 'pairs']) }},

        -- where it came from
        offences._delivery_id,
        offences._source_file,
        offences._source_line
    from offences
    left join pairs on offences.crime_id = pairs.crime_id
    where
        offences.outcome_code is not null
        and {{ are_known_together(['offences', 'pairs']) }}

)

{{ with_people('recorded') }}
