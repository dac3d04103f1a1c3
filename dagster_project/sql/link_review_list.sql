-- one row per pair of nominals that a person has to decide, with what is known of the two now
with

reviews as (

    select * from identity.link_reviews

),

profiles as (

    select * from identity.link_profiles
    where known_until_at is null

),

persons as (

    select * from identity.person_nominals
    where known_until_at is null

)

select
    reviews.nominal_id,
    reviews.other_nominal_id,
    reviews.match_weight,
    reviews.why,
    reviews.evidence,
    one.pii_forename as pii_forename,
    one.pii_surname as pii_surname,
    one.pii_birth as pii_birth,
    other.pii_forename as pii_other_forename,
    other.pii_surname as pii_other_surname,
    other.pii_birth as pii_other_birth
from reviews
inner join profiles as one on reviews.nominal_id = one.nominal_id
inner join profiles as other on reviews.other_nominal_id = other.nominal_id
inner join persons as one_person on reviews.nominal_id = one_person.nominal_id
inner join persons as other_person on reviews.other_nominal_id = other_person.nominal_id
where one_person.person_id <> other_person.person_id
order by reviews.match_weight desc, reviews.nominal_id asc, reviews.other_nominal_id asc
