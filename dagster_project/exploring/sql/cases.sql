-- one row per group of one dimension: how many crimes, else persons, else records its rows are about
select
    by_{{ dimension }}::varchar as group_value,
    count(distinct _case) as cases
from explored
where by_{{ dimension }} is not null
group by by_{{ dimension }}
