-- one row per thing done in an investigation, pair that it concerns, and version of what was known
with

actions as (

    select * from {{ ref('stg_investigation_actions__actions') }}
    where {{ is_touched('action_id', 'int_touched__records') }}

),

pairs as (

    select * from {{ as_needed(ref('int_crimes__pairs'), 'crime_id', 'actions') }}

),

victims as (

    select * from {{ as_needed(ref('int_crimes__sides'), 'crime_id', 'actions') }}
    where side = 'victim'

),

event_kinds as (

    select * from {{ ref('event_kinds') }}

),

told as (

    select
        actions.*,
        'action_' || actions.action_kind as event_kind,
        coalesce(event_kinds.names = 'offender' and actions.nominal_id is not null, false)
            as is_about_its_nominal
    from actions
    left join event_kinds on 'action_' || actions.action_kind = event_kinds.event_kind

),

concerned as (

    -- the offender is named, and the crime tells whom else it concerns
    select
        crime_id,
        true as is_about_its_nominal,
        cast(null as varchar) as offender_nominal_id,
        cast(null as varchar) as offender_role,
        nominal_id as victim_nominal_id,
        role as victim_role,
        known_from_at,
        known_until_at
    from victims
    union all
    -- the crime tells both
    select
        crime_id,
        false as is_about_its_nominal,
        offender_nominal_id,
        offender_role,
        victim_nominal_id,
        victim_role,
        known_from_at,
        known_until_at
    from pairs

),

placed as (

    select
        told.*,
        case when told.is_about_its_nominal then told.nominal_id else concerned.offender_nominal_id end
            as offender_nominal_id,
        case when told.is_about_its_nominal then 'suspect' else concerned.offender_role end as offender_role,
        concerned.victim_nominal_id,
        concerned.victim_role,
        {{ latest_start(['told', 'concerned']) }} as placed_from_at,
        {{ earliest_end(['told', 'concerned']) }} as placed_until_at
    from told
    left join concerned
        on
            told.crime_id = concerned.crime_id
            and told.is_about_its_nominal = concerned.is_about_its_nominal
    where {{ are_known_together(['told', 'concerned']) }}

),

recorded as (

    select
        -- ids
        {{ event_id('investigation_actions', 'placed.action_id', 'placed.event_kind') }} as event_id,
        placed.event_kind,
        'investigation_actions' as source,
        placed.action_id as source_id,
        placed.crime_id,

        -- what it is
        placed.result as event_code,
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
        cast(null as varchar) as text_id,

        -- whom it concerns
        placed.offender_nominal_id,
        placed.offender_role,
        placed.victim_nominal_id,
        placed.victim_role,
        case when {{ names_a_third('placed') }} then placed.nominal_id end as other_nominal_id,
        case when {{ names_a_third('placed') }} then 'concerned' end as other_role,

        -- when it happened, and when we knew
        placed.occurred_at,
        cast(null as timestamp) as occurred_until_at,
        {{ occurred_precision('placed.occurred_at') }} as occurred_precision,
        placed.recorded_at as first_recorded_at,
        placed.recorded_at,
        placed.placed_from_at as known_from_at,
        placed.placed_until_at as known_until_at,

        -- where it came from
        placed._delivery_id,
        placed._source_file,
        placed._source_line
    from placed

)

{{ with_people('recorded') }}
