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

-- one row per telephone number of a caller who gave several, from when that was known until they gave a name
create or replace view identity.link_callers as
with

phones as (

    select * from identity.link_values
    where field = 'phone'

),

several as (

    select
        nominal_id,
        min(first_known_at, 2)[2] as known_from_at
    from phones
    group by nominal_id
    having count(*) > 1

),

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
    phones.pii_value as pii_phone,
    greatest(phones.first_known_at, several.known_from_at) as known_from_at,
    named.known_from_at as known_until_at
from phones
inner join several on phones.nominal_id = several.nominal_id
left join named on phones.nominal_id = named.nominal_id
where coalesce(greatest(phones.first_known_at, several.known_from_at) < named.known_from_at, true);
