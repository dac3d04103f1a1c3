-- one row per crime, pair of offender and victim, and span in which that was known; either may be nobody
with

offenders as (

    select * from {{ ref('int_crimes__sides') }}
    where side = 'offender' and {{ is_touched('crime_id', 'int_touched__crimes') }}

),

victims as (

    select * from {{ ref('int_crimes__sides') }}
    where side = 'victim' and {{ is_touched('crime_id', 'int_touched__crimes') }}

)

select
    offenders.crime_id,
    offenders.nominal_id as offender_nominal_id,
    offenders.role as offender_role,
    victims.nominal_id as victim_nominal_id,
    victims.role as victim_role,
    victims.relationship,
    {{ known_together(['offenders', 'victims']) }}
from offenders
inner join victims on offenders.crime_id = victims.crime_id
where {{ are_known_together(['offenders', 'victims']) }}
