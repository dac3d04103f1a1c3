-- one row per person who was in custody and day that is compared, with the days in custody up to then
with

steps as (

    select * from {{ ref('fct_steps') }}

),

stays as (

    select
        person_id,
        {{ day_number('from_date') }} as from_day,
        {{ day_number('until_date') }} as until_day
    from {{ ref('fct_custody_stays') }}

),

contacts as (

    select
        offender_person_id as person_id,
        day_number
    from steps
    where is_dated_contact and offender_person_id in (select stays.person_id from stays)

),

moments as (

    -- a stay adds its days from its beginning on, and no more from its end on
    select
        person_id,
        from_day as day_number,
        1 as opened,
        from_day as turned_day,
        false as is_compared
    from stays
    union all
    select
        person_id,
        until_day as day_number,
        -1 as opened,
        -until_day as turned_day,
        false as is_compared
    from stays
    union all
    select
        person_id,
        day_number,
        0 as opened,
        0 as turned_day,
        true as is_compared
    from contacts
    union all
    select
        person_id,
        day_number - {{ var('recent_days') }} as day_number,
        0 as opened,
        0 as turned_day,
        true as is_compared
    from contacts

),

counted as (

    select
        person_id,
        day_number,
        is_compared,
        sum(opened) over so_far * day_number - sum(turned_day) over so_far as custody_days
    from moments
    window so_far as (
        partition by person_id order by day_number
        range between unbounded preceding and current row
    )

)

select distinct
    person_id,
    day_number,
    cast(custody_days as bigint) as custody_days
from counted
where is_compared
