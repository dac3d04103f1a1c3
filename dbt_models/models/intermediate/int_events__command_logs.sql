-- one row per incident log, pair that it concerns, and version of what was known
with

logs as (

    select * from {{ ref('stg_command_logs__incidents') }}
    where {{ is_touched('command_log_id', 'int_touched__records') }}

),

pairs as (

    select * from {{ as_needed(ref('int_crimes__pairs'), 'crime_id', 'logs') }}

),

named as (

    select * from {{ as_needed(ref('int_command_logs__named'), 'command_log_id', 'logs') }}

),

concerned as (

    -- its crime tells whom it concerns
    select
        crime_id as told_by_id,
        true as is_told_by_crime,
        offender_nominal_id,
        offender_role,
        victim_nominal_id,
        victim_role,
        cast(null as varchar) as other_nominal_id,
        cast(null as varchar) as other_role,
        known_from_at,
        known_until_at
    from pairs
    union all
    -- without one, its domestic incident or the first caller
    select
        command_log_id as told_by_id,
        false as is_told_by_crime,
        offender_nominal_id,
        offender_role,
        victim_nominal_id,
        victim_role,
        other_nominal_id,
        other_role,
        known_from_at,
        known_until_at
    from named

),

recorded as (

    select
        -- ids
        {{ event_id('command_logs', 'logs.command_log_id', "'command_log'") }} as event_id,
        'command_log' as event_kind,
        'command_logs' as source,
        logs.command_log_id as source_id,
        logs.crime_id,

        -- what it is
        logs.opening_code as event_code,
        cast(null as varchar) as says_yes_to,
        cast(null as varchar) as offence_code,
        logs.district,
        logs.ward_id,
        cast(null as varchar) as location_kind,
        logs.is_domestic,
        cast(null as boolean) as is_online,
        cast(null as boolean) as is_online_known_from_assumed,
        cast(null as varchar) as relationship,
        false as is_cancelled,
        -- a contact that the prose tells of is the crime's, or the incident's, where there is one
        logs.crime_id is not null
        or coalesce(concerned.offender_role = 'other party' or concerned.victim_role = 'victim', false)
            as is_counted_elsewhere,
        {{ text_id('logs.log_text') }} as text_id,

        -- whom it concerns
        concerned.offender_nominal_id,
        concerned.offender_role,
        concerned.victim_nominal_id,
        concerned.victim_role,
        concerned.other_nominal_id,
        concerned.other_role,

        -- when it happened, and when we knew
        logs.occurred_at,
        logs.closed_at as occurred_until_at,
        {{ occurred_precision('logs.occurred_at') }} as occurred_precision,
        logs.first_recorded_at,
        logs.recorded_at,
        {{ known_together(['logs', 'concerned']) }},

        -- where it came from
        logs._delivery_id,
        logs._source_file,
        logs._source_line
    from logs
    left join concerned
        on
            coalesce(logs.crime_id, logs.command_log_id) = concerned.told_by_id
            and (logs.crime_id is not null) = concerned.is_told_by_crime
    where {{ are_known_together(['logs', 'concerned']) }}

)

{{ with_people('recorded') }}
