-- pairs of profiles to compare: two nominals that share a key, while each was what was known of it
create or replace temporary table link_pairs as
with

fresh as (

    select * from link_new_keys

),

every as (

    select * from identity.link_keys

),

met as (

    select
        least(fresh.nominal_id, every.nominal_id) as nominal_id,
        greatest(fresh.nominal_id, every.nominal_id) as other_nominal_id,
        min(greatest(fresh.first_known_at, every.first_known_at)) as met_at
    from fresh
    inner join every on fresh.key_hash = every.key_hash and fresh.nominal_id <> every.nominal_id
    group by 1, 2

)

select
    one.profile_id as join_key_l,
    other.profile_id as join_key_r,
    '0' as match_key
from met
inner join identity.link_profiles as one on met.nominal_id = one.nominal_id
inner join identity.link_profiles as other
    on
        met.other_nominal_id = other.nominal_id
        and (one.known_until_at is null or one.known_until_at > other.known_from_at)
        and (other.known_until_at is null or other.known_until_at > one.known_from_at)
where
    greatest(one.known_from_at, other.known_from_at) >= met.met_at
