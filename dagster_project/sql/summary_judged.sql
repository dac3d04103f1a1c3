with

results as (

    select * from meta.expectation_results

),

totals as (

    select
        count(distinct (source, expectation)) as expectations,
        count(*) as judgements,
        count(distinct delivery_id) as deliveries,
        count(*) filter (where not is_met and severity = 'critical') as critical,
        count(*) filter (where not is_met and severity = 'warning') as warnings
    from results

),

unmet as (

    select
        source,
        expectation,
        any_value(severity) as severity,
        any_value(why) as why,
        count(*) as times
    from results
    where not is_met
    group by source, expectation

)

select
    totals.*,
    unmet.source,
    unmet.expectation,
    unmet.why,
    unmet.times
from totals
left join unmet on true
order by unmet.severity, unmet.times desc, unmet.source, unmet.expectation
