-- mean days from the report to a step, over the cases that took it
select
    'days.to_cps' as figure_id,
    coalesce(sum(cps_days), 0) as numerator,
    count(cps_days) as cases,
    stddev_samp(cps_days) as spread
from coded
where submitted_to_cps

union all

select
    'days.to_suspect_technology' as figure_id,
    coalesce(sum(suspect_tech_days), 0) as numerator,
    count(suspect_tech_days) as cases,
    stddev_samp(suspect_tech_days) as spread
from coded
where suspect_technology_seized

union all

select
    'days.to_victim_technology' as figure_id,
    coalesce(sum(victim_tech_days), 0) as numerator,
    count(victim_tech_days) as cases,
    stddev_samp(victim_tech_days) as spread
from coded
where victim_technology_provided;
