-- one row per delivery judged: what a delivery of crime parties shows as a whole
with

parties as (

    select *
    from raw.crime_parties
    where _delivery_id in ({{ deliveries }})

)

select
    _delivery_id as delivery_id,
    count(*) filter (where role = 'victim') / count(*) as share_victims,
    count(distinct nominal_ref) / count(*) as nominals_a_row,
    avg((relationship is null)::int) filter (where role = 'victim') as share_victims_without_relationship,
    count(*) filter (where role = 'victim') as share_victims_without_relationship__rows,
    avg((ethnicity is null)::int) as share_without_ethnicity,
    avg((date_of_birth is null)::int) as share_without_birth_date,
    avg((month(date_of_birth) = 1 and day(date_of_birth) = 1)::int) as share_born_on_1_january,
    avg((address is null)::int) as share_without_address,
    avg((phone is null)::int) as share_without_phone,
    avg((coalesce(sex, 'U') = 'U')::int) as share_without_sex,
    avg(regexp_matches(concat(surname, forename, address), 'Ã.|â€|ï¿½|\x{FFFD}')::int)
        as share_with_lost_letters,
    max(date_diff('day', created_at, updated_at)) as longest_days_to_change
from parties
group by _delivery_id
