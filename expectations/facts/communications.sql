-- one row per delivery judged: what a delivery of communications shows as a whole
with

records as (

    select *
    from raw.communications
    where _delivery_id in ({{ deliveries }})

)

select
    _delivery_id as delivery_id,
    avg((from_number is null)::int) as share_without_sender,
    avg((from_number = 'WITHHELD')::int) as share_withheld,
    avg((started_at < timestamp '2007-01-01')::int) as share_before_smartphones,
    count(distinct device_ref) / count(distinct case_ref) as devices_a_case,
    avg((kind = 'call')::int) as share_calls,
    quantile_disc(duration_seconds, 0.5) filter (where kind = 'call') as median_seconds_of_a_call,
    count(*) filter (where kind = 'call') as median_seconds_of_a_call__rows,
    avg((started_at = date_trunc('day', started_at))::int) as share_at_midnight
from records
group by _delivery_id
