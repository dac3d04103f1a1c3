-- one row per source, month in which things happened, and district or the force as a whole
with

records as (

    select * from {{ ref('int_records__as_known') }}

),

lags as (

    select
        *,
        cast(date_trunc('month', occurred_at) as date) as occurred_month_date,
        {{ is_default_date('occurred_at') }} as is_on_default_date,
        case
            when not {{ is_default_date('occurred_at') }}
                then {{ days_between('occurred_at', 'first_recorded_at') }}
        end as lag_days
    from records

),

-- counted before they are ranked, so that quantiles need no more memory than there are different lags
counted as (

    select
        source,
        occurred_month_date,
        district,
        lag_days,
        count(*) as records,
        count(*) filter (where is_on_default_date) as on_default_date,
        count(*) filter (where is_without_crime) as without_crime,
        count(*) filter (where is_without_nominal) as without_nominal,
        count(*) filter (where is_without_prose) as without_prose,
        count(is_without_crime) as asked_for_crime,
        count(is_without_nominal) as asked_for_nominal,
        count(is_without_prose) as asked_for_prose
    from lags
    group by source, occurred_month_date, district, lag_days

),

areas as (

    select
        *,
        'force' as area
    from counted
    union all
    select
        *,
        district as area
    from counted
    where district is not null

),

ranked as (

    select
        *,
        sum(case when lag_days is not null then records end) over (
            partition by source, occurred_month_date, area
        ) as records_with_lag,
        sum(case when lag_days is not null then records end) over (
            partition by source, occurred_month_date, area
            order by lag_days
        ) as records_this_quick
    from areas

)

select
    source,
    occurred_month_date,
    area,
    cast(sum(records) as bigint) as records,
    min(case when records_this_quick >= 0.5 * records_with_lag then lag_days end) as median_lag_days,
    min(case when records_this_quick >= 0.9 * records_with_lag then lag_days end) as p90_lag_days,
    sum(case when lag_days < 0 then records else 0 end) / sum(records) as share_recorded_before,
    sum(on_default_date) / sum(records) as share_on_default_date,
    sum(without_crime) / nullif(sum(asked_for_crime), 0) as share_without_crime,
    sum(without_nominal) / nullif(sum(asked_for_nominal), 0) as share_without_nominal,
    sum(without_prose) / nullif(sum(asked_for_prose), 0) as share_without_prose
from ranked
group by source, occurred_month_date, area
