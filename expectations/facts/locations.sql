-- one row per delivery judged: what a delivery of locations shows as a whole
with

fixes as (

    select *
    from raw.locations
    where _delivery_id in ({{ deliveries }})

),

middles as (

    select
        _delivery_id,
        median(longitude) as longitude,
        median(latitude) as latitude
    from fixes
    group by _delivery_id

)

select
    fixes._delivery_id as delivery_id,
    avg((fixes.longitude = 0 and fixes.latitude = 0)::int) as share_at_nought,
    avg((
        abs(fixes.longitude - middles.longitude) > 1 or abs(fixes.latitude - middles.latitude) > 1
    )::int) as share_far_away,
    avg((fixes.method = 'cell')::int) as share_by_mast,
    quantile_disc(fixes.radius_metres, 0.5) filter (where fixes.method = 'gps') as median_metres_by_satellite,
    count(*) filter (where fixes.method = 'gps') as median_metres_by_satellite__rows,
    avg((fixes.fixed_at = date_trunc('day', fixes.fixed_at))::int) as share_at_midnight,
    count(distinct fixes.device_ref) / count(distinct fixes.case_ref) as devices_a_case
from fixes
inner join middles on fixes._delivery_id = middles._delivery_id
group by fixes._delivery_id
