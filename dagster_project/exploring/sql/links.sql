-- one row per year of recording: rows with a reference, and those that lead to no key
with

held as (

    select distinct {{ key | name }} as key_held
    from raw.{{ target | name }}
    where {{ key | name }} is not null

)

select
    by_year::integer as recorded_year,
    count(*) as row_count,
    count_if(held.key_held is null) as unresolved
from explored
left join held on explored.{{ column | name }} = held.key_held
where explored.{{ column | name }} is not null
group by by_year
order by by_year
