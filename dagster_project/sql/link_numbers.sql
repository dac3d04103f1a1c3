-- one row per nominal and telephone number it has used, and whether it never gave a name
with

named as (

    select distinct nominal_id
    from identity.link_values
    where field in ('surname', 'forename')

)

select
    phones.nominal_id,
    phones.first_known_at as known_from_at,
    phones.pii_value as number,
    named.nominal_id is null as is_number_only
from identity.link_values as phones
left join named on phones.nominal_id = named.nominal_id
where phones.field = 'phone'
