-- one row per crime: where it was, whether domestic, and who its victims were, for sources that say no more than the crime
create or replace temp table explored_crimes as
with

crimes as (

    select
        {{ 'crime_ref' | name }} as crime_ref,
        {{ 'max(district)' if has.district else 'null' }} as district,
        {{ 'bool_or(domestic_flag)' if has.domestic else 'null' }} as domestic
    from {% if has.crimes %}raw.crimes{% else %}(select null as crime_ref where false){% endif %}

    where crime_ref is not null
    group by all

),

victims as (

    select
        crime_ref,
        case when count(distinct sex) > 1 then 'several' else min(sex) end as sex,
        case when count(distinct ethnicity) > 1 then 'several' else min(ethnicity) end as ethnicity,
        min(date_of_birth) as date_of_birth
    from (
        select
            crime_ref,
            {{ 'sex' if has.sex else 'null::varchar' }} as sex,
            {{ 'ethnicity' if has.ethnicity else 'null::varchar' }} as ethnicity,
            {{ 'date_of_birth' if has.age_band else 'null::date' }} as date_of_birth
        from {% if has.parties %}raw.crime_parties{% else %}(select null::varchar as crime_ref, '' as role where false){% endif %}

        where lower(role) like '%victim%' and crime_ref is not null
    )
    group by crime_ref

)

select
    crimes.crime_ref,
    crimes.district,
    crimes.domestic,
    victims.sex,
    victims.ethnicity,
    victims.date_of_birth
from crimes
left join victims using (crime_ref)
