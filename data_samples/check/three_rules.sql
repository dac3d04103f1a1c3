-- one row: true pairs of named nominals, pairs that three good rules find, pairs they find wrongly
with

written as (

    select
        nominal_ref,
        person_key,
        lower(surname) as surname,
        lower(forename) as forename,
        date_of_birth,
        postcode,
        regexp_replace(
            regexp_replace(phone, '[^0-9]', '', 'g'),
            '^44',
            '0'
        ) as phone
    from recorded
    where surname is not null or forename is not null

),

nominals as (

    select distinct
        nominal_ref,
        person_key
    from written

),

names as (

    select distinct
        nominal_ref,
        person_key,
        surname,
        forename,
        date_of_birth
    from written

),

homes as (

    select distinct
        nominal_ref,
        person_key,
        surname,
        forename,
        date_of_birth,
        postcode
    from written
    where postcode is not null and date_of_birth is not null

),

lines as (

    select distinct
        nominal_ref,
        person_key,
        surname,
        forename,
        date_of_birth,
        phone
    from written
    where phone is not null

),

found as (

    -- rule 1: the same full name and date of birth
    select
        a.nominal_ref as first_ref,
        b.nominal_ref as second_ref,
        a.person_key = b.person_key as is_true
    from names as a
    inner join names as b
        on
            a.surname = b.surname
            and a.forename = b.forename
            and a.date_of_birth = b.date_of_birth
            and a.nominal_ref < b.nominal_ref

    union

    -- rule 2: the same date of birth and postcode, and one of the two names
    select
        a.nominal_ref as first_ref,
        b.nominal_ref as second_ref,
        a.person_key = b.person_key as is_true
    from homes as a
    inner join homes as b
        on
            a.postcode = b.postcode
            and a.date_of_birth = b.date_of_birth
            and (a.surname = b.surname or a.forename = b.forename)
            and a.nominal_ref < b.nominal_ref

    union

    -- rule 3: the same telephone number, and the date of birth or the full name
    select
        a.nominal_ref as first_ref,
        b.nominal_ref as second_ref,
        a.person_key = b.person_key as is_true
    from lines as a
    inner join lines as b
        on
            a.phone = b.phone
            and (
                a.date_of_birth = b.date_of_birth
                or (a.surname = b.surname and a.forename = b.forename)
            )
            and a.nominal_ref < b.nominal_ref

),

people as (

    select count(*) as nominal_count
    from nominals
    group by person_key

),

true_pairs as (

    select coalesce(sum(nominal_count * (nominal_count - 1) // 2), 0)::bigint as pairs
    from people

),

judged as (

    select
        coalesce(count_if(is_true), 0) as recalled,
        coalesce(count_if(not is_true), 0) as false_pairs
    from found

)

select
    true_pairs.pairs,
    judged.recalled::bigint as recalled,
    judged.false_pairs::bigint as false_pairs
from true_pairs
cross join judged
