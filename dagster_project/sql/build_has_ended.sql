-- what was touched is built now
delete from intermediate.int_touched__nominals;
delete from intermediate.int_touched__crimes;
delete from intermediate.int_touched__records;
delete from intermediate.int_touched__parts;
delete from intermediate.int_touched__persons;
delete from intermediate.int_touched__offenders;

-- and this is what the marts are built from
create or replace table meta.built_deliveries as
select
    delivery_id,
    content_sha256
from meta.deliveries
where status = 'loaded';

create or replace table meta.built_persons as
select
    nominal_id,
    person_id,
    known_from_at,
    known_until_at
from identity.person_nominals;

create or replace table meta.builds as
select
    cast(? as timestamp) as cut_off,
    cast(? as varchar) as fingerprint,
    true as is_whole;
