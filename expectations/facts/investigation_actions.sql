-- one row per delivery judged: what a delivery of investigation actions shows as a whole
with

actions as (

    select *
    from raw.investigation_actions
    where _delivery_id in ({{ deliveries }})

),

crimes as (

    select
        _delivery_id,
        max(actions_a_crime) as most_actions_of_a_crime
    from (
        select
            _delivery_id,
            count(*) as actions_a_crime
        from actions
        group by _delivery_id, crime_ref
    ) as counted
    group by _delivery_id

)

select
    actions._delivery_id as delivery_id,
    count(distinct action_kind) as kinds_seen,
    avg((nominal_ref is null)::int) as share_about_nobody,
    avg((action_kind = 'arrest')::int) as share_arrests,
    avg((action_kind in ('support_offered', 'support_declined'))::int) as share_about_support,
    avg((date_diff('day', action_at, created_at) > 30)::int) as share_recorded_after_30_days,
    quantile_disc(date_diff('hour', action_at, created_at), 0.5) / 24 as median_days_to_record,
    max(crimes.most_actions_of_a_crime) as most_actions_of_a_crime
from actions
inner join crimes on actions._delivery_id = crimes._delivery_id
group by actions._delivery_id
