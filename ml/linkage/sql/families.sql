-- of pairs of one surname at one address with another forename: how many share a birthday, and how many do not
with

homes as (

    select
        nominal_id,
        pii_surname as surname,
        pii_forename as forename,
        pii_forename_sound as forename_sound,
        pii_birth as birth,
        unnest(pii_addresses) as address
    from identity.link_profiles
    where known_until_at is null and pii_surname is not null and pii_forename is not null and pii_birth is not null

)

select
    count(*) filter (one.birth = other.birth) as of_one_birthday,
    count(*) filter (damerau_levenshtein(one.birth, other.birth) > 2) as of_two_birthdays
from homes as one
inner join homes as other
    on
        one.address = other.address
        and one.surname = other.surname
        and one.nominal_id < other.nominal_id
        and one.forename_sound <> other.forename_sound
        and jaro_winkler_similarity(one.forename, other.forename) < 0.88
