-- one row: people by the fields that name them, and how many of them stand under several ids; counts only
with

named as (

    select distinct
        {{ nominal | name }} as nominal,
        hash({% for field in fields %}lower({{ field | name }}::varchar){{ ', ' if not loop.last }}{% endfor %}) as person
    from explored
    where {{ nominal | name }} is not null{% for field in fields %} and {{ field | name }} is not null{% endfor %}

),

people as (

    select
        person,
        count(*) as ids
    from named
    group by person

),

nominals as (

    select
        nominal,
        count(*) as people
    from named
    group by nominal

)

select
    (select count(*) from people) as people,
    (select count_if(ids > 1) from people) as people_under_several_ids,
    (select coalesce(sum(ids) filter (where ids > 1), 0)::bigint from people) as ids_of_those,
    (select count(*) from nominals) as ids,
    (select count_if(people > 1) from nominals) as ids_with_several_people
