-- one row per name seen often enough to say how common it is
with

named as (

    select
        nominal_id,
        field,
        replace(pii_value, ' ', '') as term
    from identity.link_values
    where field in ('surname', 'forename')

),

counted as (

    select
        field,
        term,
        count(distinct nominal_id) as nominals,
        sum(count(distinct nominal_id)) over (partition by field) as of_all
    from named
    group by field, term

)

select
    field,
    term,
    cast(nominals / of_all as double) as share,
    cast({seen_often} / of_all as double) as rarest
from counted
where nominals >= {seen_often}
order by field, term
