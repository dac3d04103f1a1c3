-- one row per intelligence report and version of what was known
with

reports as (

    select * from {{ ref('stg_intelligence__reports') }}
    where {{ is_touched('report_id', 'int_touched__records') }}

),

recorded as (

    select
        -- ids
        {{ event_id('intelligence', 'reports.report_id', "'intelligence_report'") }} as event_id,
        'intelligence_report' as event_kind,
        'intelligence' as source,
        reports.report_id as source_id,
        cast(null as varchar) as crime_id,

        -- what it is
        reports.source_grade || reports.information_grade as event_code,
        cast(null as varchar) as says_yes_to,
        cast(null as varchar) as offence_code,
        cast(null as varchar) as district,
        cast(null as varchar) as ward_id,
        cast(null as varchar) as location_kind,
        cast(null as boolean) as is_domestic,
        cast(null as boolean) as is_online,
        cast(null as boolean) as is_online_known_from_assumed,
        cast(null as varchar) as relationship,
        false as is_cancelled,
        false as is_counted_elsewhere,
        {{ text_id('reports.report_text') }} as text_id,

        -- whom it concerns
        reports.subject_nominal_id as offender_nominal_id,
        'subject' as offender_role,
        cast(null as varchar) as victim_nominal_id,
        cast(null as varchar) as victim_role,
        reports.other_nominal_id,
        case when reports.other_nominal_id is not null then 'second subject' end as other_role,

        -- when it happened, and when we knew
        cast(reports.occurred_date as timestamp) as occurred_at,
        cast(null as timestamp) as occurred_until_at,
        {{ occurred_precision('cast(reports.occurred_date as timestamp)') }} as occurred_precision,
        reports.first_recorded_at,
        reports.recorded_at,
        reports.known_from_at,
        reports.known_until_at,

        -- where it came from
        reports._delivery_id,
        reports._source_file,
        reports._source_line
    from reports
    where {{ are_known_together(['reports']) }}

)

{{ with_people('recorded') }}
