-- one row per crime, side, nominal that stands in it, and span in which that was known; nobody is a row too
{%- set told = ['crime_id', 'side', 'nominal_id', 'role', 'relationship'] %}
with

parties as (

    select * from {{ ref('int_crimes__parties') }}
    where {{ is_touched('crime_id', 'int_touched__crimes') }}

),

told_again as (

    select * from {{ ref('int_crimes__sides_told_again') }}
    where {{ is_touched('crime_id', 'int_touched__crimes') }}

),

covered as (

    {{ unbroken('told_again', ['crime_id', 'side']) }}

),

followed as (

    select
        *,
        lead(known_from_at) over (partition by crime_id, side order by known_from_at) as next_from_at
    from covered

),

crimes as (

    select
        crime_id,
        count(case when side = 'offender' then 1 end) as offenders,
        count(case when side = 'victim' then 1 end) as victims
    from parties
    group by crime_id

),

first_told as (

    select
        crime_id,
        side,
        known_from_at
    from parties
    where is_told_once
    union all
    select
        crime_id,
        side,
        min(known_from_at) as known_from_at
    from covered
    group by crime_id, side

),

nobody as (

    -- before the first
    select
        crime_id,
        side,
        {{ beginning() }} as known_from_at,
        known_from_at as known_until_at
    from first_told
    union all
    -- after somebody was taken out
    select
        crime_id,
        side,
        known_until_at as known_from_at,
        next_from_at as known_until_at
    from followed
    where known_until_at is not null
    union all
    -- on a side of which nothing was ever told
    select
        crime_id,
        'offender' as side,
        {{ beginning() }} as known_from_at,
        null as known_until_at
    from crimes
    where offenders = 0
    union all
    select
        crime_id,
        'victim' as side,
        {{ beginning() }} as known_from_at,
        null as known_until_at
    from crimes
    where victims = 0

),

everybody as (

    select {{ listed(told, 'parties') }}, known_from_at, known_until_at from parties
    where is_told_once
    union all
    select {{ listed(told, 'told_again') }}, known_from_at, known_until_at from told_again
    union all
    select
        crime_id,
        side,
        null as nominal_id,
        null as role,
        null as relationship,
        known_from_at,
        known_until_at
    from nobody
    where side <> 'witness'

)

select
    crime_id,
    side,
    nominal_id,
    role,
    relationship,
    known_from_at,
    known_until_at
from everybody
