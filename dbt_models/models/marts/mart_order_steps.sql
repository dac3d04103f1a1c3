-- one row per step in the life of a protective order, in its version as known at the cut-off
with

steps as (

    select * from {{ ref('stg_orders__steps') }}

),

known as (

    select
        *,
        min(occurred_at) over (partition by order_id) as first_step_at,
        row_number() over (partition by order_id order by occurred_at, recorded_at, step) as step_number
    from steps
    where {{ known_before(cut_off(), 'steps') }}

)

select
    -- ids
    order_id,
    crime_id,
    breach_crime_id,
    respondent_nominal_id,
    protected_nominal_id,

    -- the step
    order_kind,
    step_number,
    step,
    reason_not_pursued,
    conditions is not null as has_conditions,
    managing_officer is not null as has_managing_officer,

    -- when
    occurred_at,
    {{ days_between('first_step_at', 'occurred_at') }} as days_since_first_step,
    expires_date,
    recorded_at,
    known_from_at,
    {{ days_between('occurred_at', 'recorded_at') }} as recording_lag_days
from known
