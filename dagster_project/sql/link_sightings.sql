-- what linking reads, by the names it uses for any table of people
create or replace temporary view link_sightings as
select
    nominal_id,
    known_from_at,
    pii_surname as surname,
    pii_forename as forename,
    pii_middle_name as middle_name,
    pii_date_of_birth as date_of_birth,
    sex,
    pii_address as address,
    pii_postcode as postcode,
    pii_phone as phone,
    shared_id,
    _delivery_id
from identity.idn_nominals__sightings
