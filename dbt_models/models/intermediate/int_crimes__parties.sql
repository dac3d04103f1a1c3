-- one row per version of a nominal in a crime, and side of the crime
with

versions as (

    select
        crime_id,
        nominal_id,
        role,
        case role when 'victim' then 'victim' when 'witness' then 'witness' else 'offender' end as side,
        case when role = 'victim' then relationship end as relationship,
        known_from_at,
        known_until_at
    from {{ ref('stg_crime_parties__parties') }} as parties
    where {{ are_known_together(['parties']) }} and {{ is_touched('crime_id', 'int_touched__crimes') }}

),

sides as (

    select
        crime_id,
        side,
        count(*) = 1 and count(known_until_at) = 0 as is_told_once
    from versions
    group by crime_id, side

)

select
    versions.crime_id,
    versions.side,
    versions.nominal_id,
    versions.role,
    versions.relationship,
    sides.is_told_once,
    versions.known_from_at,
    versions.known_until_at
from versions
inner join sides on {{ equal_on(['crime_id', 'side'], 'versions', 'sides') }}
