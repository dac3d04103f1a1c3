-- one row per delivery judged: what a delivery of locations shows as a whole
with

fixes as (

    select *
    from raw.locations
    where _delivery_id in ({{ deliveries }})

)

select
    _delivery_id as delivery_id,
    avg((longitude = 0 and latitude = 0)::int) as share_at_nought,
    avg((abs(longitude - middle_longitude) > 1 or abs(latitude - middle_latitude) > 1)::int) as share_far_away,
    avg((method = 'cell')::int) as share_by_mast,
    quantile_disc(radius_metres, 0.5) filter (where method = 'gps') as median_metres_by_satellite,
    count(*) filter (where method = 'gps') as median_metres_by_satellite__rows,
    avg((fixed_at = date_trunc('day', fixed_at))::int) as share_at_midnight,
    count(distinct device_ref) / count(distinct case_ref) as devices_a_case
from (
    select
        fixes.*,
        median(longitude) over () as middle_longitude,
        median(latitude) over () as middle_latitude
    from fixes
)
group by _delivery_id
