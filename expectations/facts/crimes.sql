-- one row per delivery judged: what a delivery of crimes shows as a whole
with

entered as (

    select
        crime_ref,
        arg_min(created_at, _received_at) as first_created_at
    from raw.crimes
    group by crime_ref

),

crimes as (

    select
        loaded.*,
        entered.first_created_at
    from raw.crimes as loaded
    inner join entered on loaded.crime_ref = entered.crime_ref
    where loaded._delivery_id in ({{ deliveries }})

)

select
    _delivery_id as delivery_id,
    count(distinct district) as districts_seen,
    count(distinct class_code) as classes_seen,
    avg((dayofyear(committed_from) = 1 and committed_from = date_trunc('day', committed_from))::int)
        as share_on_1_january,
    avg((committed_from = date_trunc('day', committed_from))::int) as share_at_midnight,
    avg((committed_to > created_at)::int) as share_ending_after_recorded,
    avg((date_diff('day', committed_from, created_at) > 30)::int) as share_recorded_after_30_days,
    quantile_disc(date_diff('hour', committed_from, created_at), 0.5) / 24 as median_days_to_record,
    avg((date_diff('day', reported_at, created_at) > 30)::int) as share_entered_after_30_days,
    avg(domestic_flag::int) as share_domestic,
    avg(cyber_flag::int) as share_cyber,
    avg((coalesce(trim(mo_text), '') = '')::int) as share_without_text,
    avg((outcome_code is not null)::int) as share_with_outcome,
    avg((status = 'cancelled')::int) as share_cancelled,
    avg((first_class_code <> class_code)::int) as share_reclassified,
    avg((location_kind = 'suspect_home')::int) as share_at_suspect_home,
    avg((postcode is null)::int) as share_without_postcode,
    avg((created_at <> first_created_at)::int) as share_issued_again
from crimes
group by _delivery_id
