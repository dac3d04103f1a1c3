-- one row per nominal in a crime, in its version as known at the cut-off
with

parties as (

    select * from {{ ref('stg_crime_parties__parties') }}

),

crimes as (

    select * from {{ ref('mart_crimes') }}

)

select
    parties.party_id,
    parties.crime_id,
    parties.nominal_id,
    parties.role,
    parties.relationship,
    parties.sex,
    parties.ethnicity,
    case
        when parties.pii_date_of_birth <= crimes.occurred_at
            then {{ full_years_between('parties.pii_date_of_birth', 'crimes.occurred_at') }}
    end as age_years,
    parties.is_vulnerable,
    parties.first_recorded_at,
    parties.recorded_at,
    parties.known_from_at
from parties
left join crimes on parties.crime_id = crimes.crime_id
where {{ known_before(cut_off(), 'parties') }}
