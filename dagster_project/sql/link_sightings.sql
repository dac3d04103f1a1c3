-- what linking reads, by the names it uses for any table of people
create or replace temporary view link_sightings as
select
    nominal_id,
    {known_from_at} as known_from_at,
    pii_surname as surname,
    pii_forename as forename,
    pii_middle_name as middle_name,
    strftime(pii_date_of_birth, '%Y%m%d') as birth,
    sex,
    pii_address as address,
    pii_postcode as postcode,
    pii_phone as phone,
    shared_id,
    _delivery_id
from {relation}
