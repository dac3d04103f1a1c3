-- one row per changed nominal, field and value, with when it was first known; equal things have become equal
create or replace temporary table link_new_values as
with

sightings as (

    select * from link_sightings

),

changed as (

    select * from link_changed

),

written as (

    select sightings.*
    from sightings
    inner join changed on sightings.nominal_id = changed.nominal_id

),

fields as (

    select
        nominal_id,
        known_from_at,
        unnest([
            {'field': 'surname', 'value': trim(regexp_replace(upper(strip_accents(surname)), '[^A-Z]+', ' ', 'g'))},
            {'field': 'forename', 'value': regexp_replace(upper(strip_accents(forename)), '[^A-Z]', '', 'g')},
            {'field': 'middle_name', 'value': regexp_replace(upper(strip_accents(middle_name)), '[^A-Z]', '', 'g')},
            {'field': 'birth', 'value': birth},
            {'field': 'sex', 'value': case when upper(left(sex, 1)) in ('F', 'M') then upper(left(sex, 1)) end},
            {'field': 'postcode', 'value': regexp_replace(upper(postcode), '[^A-Z0-9]', '', 'g')},
            {
                'field': 'address',
                'value': regexp_replace(upper(strip_accents(address)), '[^A-Z0-9]', '', 'g')
                || coalesce(' ' || regexp_replace(upper(postcode), '[^A-Z0-9]', '', 'g'), '')
            },
            {
                'field': 'phone',
                'value': regexp_replace(regexp_replace(phone, '[^0-9]', '', 'g'), '^(0044|44)0?', '0')
            },
            {'field': 'shared_id', 'value': shared_id}
        ], recursive := true)
    from written

)

select
    nominal_id,
    field,
    value as pii_value,
    min(known_from_at) as first_known_at
from fields
where value <> ''
group by nominal_id, field, value
