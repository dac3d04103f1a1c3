-- one row per name seen often enough to say how common it is
with

latest as (

    select
        pii_surname as surname,
        pii_forename as forename,
        pii_birth as birth
    from identity.link_profiles
    where known_until_at is null and pii_surname is not null and pii_forename is not null

),

-- nominals of one full name and birthday are one bearer
bearers as (

    select
        surname,
        forename,
        count(distinct birth) as bearers
    from latest
    where birth is not null
    group by surname, forename

),

of_surname as (

    select
        surname,
        sum(bearers) as bearers
    from bearers
    group by surname

),

-- how often somebody else of the same surname bears the same forename: names of one language go together
in_company as (

    select
        bearers.forename as term,
        sum(bearers.bearers * (bearers.bearers - 1) / nullif(of_surname.bearers - 1, 0)) / sum(bearers.bearers) as share
    from bearers
    inner join of_surname on bearers.surname = of_surname.surname
    group by bearers.forename
    having sum(bearers.bearers) >= 20

),

named as (

    select
        'surname' as field,
        surname as term
    from latest
    union all
    select
        'forename' as field,
        forename as term
    from latest

),

counted as (

    select
        field,
        term,
        count(*) as nominals,
        sum(count(*)) over (partition by field) as of_all
    from named
    group by field, term

)

select
    counted.field,
    counted.term,
    -- half way between the two: some evidence lies in the language itself
    sqrt(
        cast(counted.nominals / counted.of_all as double)
        * greatest(cast(counted.nominals / counted.of_all as double), coalesce(in_company.share, 0))
    ) as share,
    cast({seen_often} / counted.of_all as double) as rarest
from counted
left join in_company on counted.term = in_company.term and counted.field = 'forename'
where counted.nominals >= {seen_often}
order by counted.field, counted.term
