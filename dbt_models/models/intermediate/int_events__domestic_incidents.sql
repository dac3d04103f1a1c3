-- one row per domestic incident and version of what was known
with

incidents as (

    select * from {{ ref('stg_domestic_incidents__incidents') }}
    where {{ is_touched('domestic_incident_id', 'int_touched__records') }}

),

recorded as (

    select
        -- ids
        {{ event_id('domestic_incidents', 'incidents.domestic_incident_id', "'domestic_incident'") }}
            as event_id,
        'domestic_incident' as event_kind,
        'domestic_incidents' as source,
        incidents.domestic_incident_id as source_id,
        cast(null as varchar) as crime_id,

        -- what it is
        incidents.risk_grade as event_code,
        case when incidents.has_children_present then 'children_present' end as says_yes_to,
        'DINC' as offence_code,
        incidents.district,
        incidents.ward_id,
        cast(null as varchar) as location_kind,
        true as is_domestic,
        cast(null as boolean) as is_online,
        cast(null as boolean) as is_online_known_from_assumed,
        incidents.relationship,
        false as is_cancelled,
        false as is_counted_elsewhere,
        {{ text_id('incidents.incident_text') }} as text_id,

        -- whom it concerns
        incidents.other_nominal_id as offender_nominal_id,
        case when incidents.other_nominal_id is not null then 'other party' end as offender_role,
        incidents.victim_nominal_id,
        case when incidents.victim_nominal_id is not null then 'victim' end as victim_role,
        cast(null as varchar) as other_nominal_id,
        cast(null as varchar) as other_role,

        -- when it happened, and when we knew
        incidents.occurred_at,
        cast(null as timestamp) as occurred_until_at,
        {{ occurred_precision('incidents.occurred_at') }} as occurred_precision,
        incidents.first_recorded_at,
        incidents.recorded_at,
        incidents.known_from_at,
        incidents.known_until_at,

        -- where it came from
        incidents._delivery_id,
        incidents._source_file,
        incidents._source_line
    from incidents
    where {{ are_known_together(['incidents']) }}

)

{{ with_people('recorded') }}
