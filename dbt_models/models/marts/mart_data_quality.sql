-- one row per delivery and expectation that was judged on it
with

expectation_results as (

    select * from {{ source('meta', 'expectation_results') }}

),

known as (

    select * from expectation_results
    where received_at < {{ cut_off() }}

),

with_those_before as (

    select
        *,
        lag(is_met, 1) over by_delivery as was_met_before,
        lag(share_failing, 1) over by_delivery as share_failing_1_before,
        lag(share_failing, 2) over by_delivery as share_failing_2_before,
        lag(share_failing, 3) over by_delivery as share_failing_3_before
    from known
    window by_delivery as (partition by source, relation, expectation order by received_at, delivery_id)

),

compared as (

    select
        *,
        share_failing - (
            share_failing_1_before
            + coalesce(share_failing_2_before, share_failing_1_before)
            + coalesce(share_failing_3_before, share_failing_2_before, share_failing_1_before)
        ) / 3 as share_rise
    from with_those_before

)

select
    delivery_id,
    source,
    received_at,
    relation,
    expectation,
    kind as expectation_kind,
    severity,
    is_met,
    rows_checked,
    rows_failing,
    share_failing,
    share_failing_1_before,
    share_failing_2_before,
    share_failing_3_before,
    observed,
    case
        when was_met_before is null then 'first'
        when is_met <> was_met_before and is_met then 'better'
        when is_met <> was_met_before then 'worse'
        when share_rise > 0.001 then 'worse'
        when share_rise < -0.001 then 'better'
        else 'same'
    end as trend,
    why,
    owner
from compared
