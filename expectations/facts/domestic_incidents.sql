-- one row per delivery judged: what a delivery of domestic incidents shows as a whole
with

incidents as (

    select *
    from raw.domestic_incidents
    where _delivery_id in ({{ deliveries }})

)

select
    _delivery_id as delivery_id,
    count(distinct district) as districts_seen,
    avg((relationship is null)::int) as share_without_relationship,
    avg((victim_ethnicity is null)::int) as share_victims_without_ethnicity,
    avg((victim_date_of_birth is null)::int) as share_victims_without_birth_date,
    avg((risk_grade = 'high')::int) as share_high,
    avg((command_log_ref is null)::int) as share_without_log,
    avg((coalesce(trim(incident_text), '') = '')::int) as share_without_text,
    avg((date_diff('day', occurred_at, created_at) > 30)::int) as share_recorded_after_30_days,
    quantile_disc(date_diff('hour', occurred_at, created_at), 0.5) / 24 as median_days_to_record
from incidents
group by _delivery_id
