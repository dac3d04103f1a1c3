-- what linking keeps from run to run, so that the next one looks only at what is new
create table if not exists identity.link_deliveries (delivery_id varchar primary key);

create table if not exists identity.link_values (
    nominal_id varchar, field varchar, pii_value varchar, first_known_at timestamp
);

create table if not exists identity.link_profiles (
    profile_id varchar,
    nominal_id varchar,
    known_from_at timestamp,
    known_until_at timestamp,
    pii_surname varchar,
    pii_surname_parts varchar[],
    pii_surname_sound varchar,
    pii_forename varchar,
    pii_forename_forms varchar[],
    pii_forename_sound varchar,
    pii_middle_name varchar,
    pii_birth varchar,
    sex varchar,
    pii_addresses varchar[],
    pii_postcodes varchar[],
    pii_phones varchar[],
    shared_ids varchar[],
    callers varchar[],
    surname_share double,
    forename_share double
);

create table if not exists identity.link_keys (nominal_id varchar, key_hash ubigint, first_known_at timestamp);

create table if not exists identity.links (
    nominal_id varchar,
    other_nominal_id varchar,
    known_from_at timestamp,
    match_weight double,
    evidence varchar
);

create table if not exists identity.links_apart (
    nominal_id varchar,
    other_nominal_id varchar,
    known_from_at timestamp
);

create table if not exists identity.link_reviews (
    nominal_id varchar,
    other_nominal_id varchar,
    known_from_at timestamp,
    match_weight double,
    evidence varchar,
    why varchar
);

-- one row per telephone number of a caller who gave several, and never a name
create or replace view identity.link_callers as
select
    nominal_id,
    pii_value as pii_phone,
    first_known_at
from identity.link_values
where
    field = 'phone'
    and nominal_id not in (select nominal_id from identity.link_values where field in ('surname', 'forename'))
    and nominal_id in (
        select nominal_id from identity.link_values
        where field = 'phone'
        group by nominal_id
        having count(*) > 1
    );
