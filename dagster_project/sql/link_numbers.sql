-- one row per nominal and telephone number used with a name and without, if such numbers are asked about
create or replace temporary table link_numbers as
with

named as (

    select
        nominal_id,
        min(first_known_at) as known_from_at
    from identity.link_values
    where field in ('surname', 'forename')
    group by nominal_id

)

select
    phones.nominal_id,
    phones.first_known_at as known_from_at,
    phones.pii_value as number,
    coalesce(phones.first_known_at < named.known_from_at, true) as is_number_only
from identity.link_values as phones
left join named on phones.nominal_id = named.nominal_id
where phones.field = 'phone' and {is_asked}
qualify
    bool_or(is_number_only) over (partition by phones.pii_value)
    and not bool_and(is_number_only) over (partition by phones.pii_value)
