-- one row per delivery judged: what a delivery of intelligence shows as a whole
with

reports as (

    select *
    from raw.intelligence
    where _delivery_id in ({{ deliveries }})

)

select
    _delivery_id as delivery_id,
    avg((coalesce(trim(report_text), '') = '')::int) as share_without_text,
    avg((date_of_birth is null)::int) as share_without_birth_date,
    avg((month(date_of_birth) = 1 and day(date_of_birth) = 1)::int) as share_born_on_1_january,
    avg((handling_code = 'C')::int) as share_handled_with_conditions,
    count(distinct provenance) as provenances_seen,
    quantile_disc(date_diff('day', event_on, created_at), 0.5) as median_days_to_record,
    avg((date_diff('day', event_on, created_at) > 120)::int) as share_recorded_after_120_days,
    avg((updated_at > created_at)::int) as share_graded_again
from reports
group by _delivery_id
