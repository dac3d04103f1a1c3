-- one row per crime, pair of offender and victim or witness in it, and version of what was known
with

offences as (

    select * from {{ ref('stg_crimes__offences') }}
    where {{ is_touched('crime_id', 'int_touched__records') }}

),

pairs as (

    select * from {{ as_needed(ref('int_crimes__pairs'), 'crime_id', 'offences') }}

),

sides as (

    select * from {{ as_needed(ref('int_crimes__sides'), 'crime_id', 'offences') }}

),

concerned as (

    select
        crime_id,
        offender_nominal_id,
        offender_role,
        victim_nominal_id,
        victim_role,
        relationship,
        cast(null as varchar) as other_nominal_id,
        cast(null as varchar) as other_role,
        known_from_at,
        known_until_at
    from pairs
    union all
    select
        crime_id,
        cast(null as varchar) as offender_nominal_id,
        cast(null as varchar) as offender_role,
        cast(null as varchar) as victim_nominal_id,
        cast(null as varchar) as victim_role,
        cast(null as varchar) as relationship,
        nominal_id as other_nominal_id,
        role as other_role,
        known_from_at,
        known_until_at
    from sides
    where side = 'witness'

),

recorded as (

    select
        -- ids
        {{ event_id('crimes', 'offences.crime_id', "'crime'") }} as event_id,
        'crime' as event_kind,
        'crimes' as source,
        offences.crime_id as source_id,
        offences.crime_id,

        -- what it is
        offences.status as event_code,
        case when offences.has_weapon then 'has_weapon' end as says_yes_to,
        offences.offence_code,
        offences.district,
        offences.ward_id,
        offences.location_kind,
        offences.is_domestic,
        offences.is_cyber as is_online,
        offences.is_cyber_known_from_assumed as is_online_known_from_assumed,
        concerned.relationship,
        coalesce(offences.status = 'cancelled', false) as is_cancelled,
        offences.principal_crime_id is not null as is_counted_elsewhere,
        {{ text_id('offences.mo_text') }} as text_id,

        -- whom it concerns
        concerned.offender_nominal_id,
        concerned.offender_role,
        concerned.victim_nominal_id,
        concerned.victim_role,
        concerned.other_nominal_id,
        concerned.other_role,

        -- when it happened, and when we knew
        offences.occurred_at,
        offences.occurred_until_at,
        {{ occurred_precision('offences.occurred_at') }} as occurred_precision,
        offences.first_recorded_at,
        offences.recorded_at,
        {{ known_together(['offences', 'concerned']) }},

        -- where it came from
        offences._delivery_id,
        offences._source_file,
        offences._source_line
    from offences
    left join concerned on offences.crime_id = concerned.crime_id
    where {{ are_known_together(['offences', 'concerned']) }}

)

{{ with_people('recorded') }}
