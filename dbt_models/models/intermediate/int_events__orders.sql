-- one row per step in the life of a protective order, whom it protects, and version of what was known
with

steps as (

    select * from {{ ref('stg_orders__steps') }}
    where {{ is_touched(order_step_id('order_id', 'step', 'occurred_at'), 'int_touched__records') }}

),

victims as (

    select * from {{ as_needed(ref('int_crimes__sides'), 'crime_id', 'steps') }}
    where side = 'victim'

),

told as (

    select
        *,
        {{ order_step_id('order_id', 'step', 'occurred_at') }} as step_id,
        'order_' || step as event_kind,
        coalesce(case when step = 'breached' then breach_crime_id end, crime_id) as named_crime_id,
        case when protected_nominal_id is null then crime_id end as victims_crime_id
    from steps

),

recorded as (

    select
        -- ids
        {{ event_id('orders', 'told.step_id', 'told.event_kind') }} as event_id,
        told.event_kind,
        'orders' as source,
        told.step_id as source_id,
        told.named_crime_id as crime_id,

        -- what it is
        told.order_kind as event_code,
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
        told.step = 'breached' and told.breach_crime_id is not null as is_counted_elsewhere,
        cast(null as varchar) as text_id,

        -- whom it concerns
        told.respondent_nominal_id as offender_nominal_id,
        'respondent' as offender_role,
        coalesce(told.protected_nominal_id, victims.nominal_id) as victim_nominal_id,
        case when told.protected_nominal_id is not null then 'protected' else victims.role end as victim_role,
        cast(null as varchar) as other_nominal_id,
        cast(null as varchar) as other_role,

        -- when it happened, and when we knew
        told.occurred_at,
        cast(null as timestamp) as occurred_until_at,
        {{ occurred_precision('told.occurred_at') }} as occurred_precision,
        told.recorded_at as first_recorded_at,
        told.recorded_at,
        {{ known_together(['told', 'victims']) }},

        -- where it came from
        told._delivery_id,
        told._source_file,
        told._source_line
    from told
    left join victims on told.victims_crime_id = victims.crime_id
    where {{ are_known_together(['told', 'victims']) }}

)

{{ with_people('recorded') }}
