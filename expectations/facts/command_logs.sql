-- one row per delivery judged: what a delivery of command logs shows as a whole
with

logs as (

    select *
    from raw.command_logs
    where _delivery_id in ({{ deliveries }})

)

select
    _delivery_id as delivery_id,
    count(distinct district) as districts_seen,
    avg((coalesce(trim(log_text), '') = '')::int) as share_without_text,
    avg((caller_phone is null)::int) as share_without_phone,
    avg(domestic_flag::int) as share_domestic,
    avg((priority = 'immediate')::int) as share_immediate,
    avg((closing_code = 'crime_recorded')::int) as share_closed_as_crime,
    avg((crime_ref is null)::int) filter (where closing_code = 'crime_recorded') as share_of_crimes_not_named,
    count(*) filter (where closing_code = 'crime_recorded') as share_of_crimes_not_named__rows,
    quantile_disc(date_diff('minute', started_at, closed_at), 0.9) / 60 as hours_open_for_nine_in_ten,
    avg((started_at = date_trunc('day', started_at))::int) as share_at_midnight
from logs
group by _delivery_id
