-- how many kinds of behaviour a case has
select
    'behaviour.two_or_more' as figure_id,
    count(*) filter (where n_behaviours >= 2) as numerator,
    count(*) as cases,
    null as spread
from coded

union all

select
    'behaviour.mean' as figure_id,
    coalesce(sum(n_behaviours), 0) as numerator,
    count(*) as cases,
    stddev_samp(n_behaviours) as spread
from coded

union all

select
    figures.figure_id,
    coalesce(sum(coded.n_behaviours), 0) as numerator,
    count(coded.crime_ref) as cases,
    stddev_samp(coded.n_behaviours) as spread
from figures
left join coded on figures.parts[3] = coded.section
where figures.figure_id in ('behaviour.mean.2A', 'behaviour.mean.4A')
group by figures.figure_id;
