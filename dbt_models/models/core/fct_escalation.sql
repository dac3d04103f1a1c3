-- one row per dated contact of a timeline with the days before it compared with the time before those
{%- set recent = var('recent_days') %}
{%- set z = var('interval_z') %}
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
        timeline_id,
        event_key,
        offender_person_id,
        first_contact_day,
        day_number - {{ recent }} as recent_from_day,
        day_number,
        -- the first contact and this one begin and end the time that is compared, and count on neither side
        dated_contacts_so_far - contacts_before_recent - 1 as recent_contacts,
        contacts_before_recent - 1 as earlier_contacts
    from steps
    where is_dated_contact

),

asked as (

    select offender_person_id as person_id, day_number as asked_day from contacts
    where offender_person_id in (select stays.person_id from stays)
    union
    select offender_person_id as person_id, recent_from_day as asked_day from contacts
    where offender_person_id in (select stays.person_id from stays)

),

moments as (

    select person_id, from_day as at_day, 1 as stays, from_day as turned_day, false as is_asked from stays
    union all
    select person_id, until_day as at_day, -1 as stays, -until_day as turned_day, false as is_asked from stays
    union all
    select person_id, asked_day as at_day, 0 as stays, 0 as turned_day, true as is_asked from asked

),

-- days in custody up to each day that is asked about: those of stays that ended, and of one that has not
served as (

    select
        person_id,
        at_day,
        is_asked,
        sum(stays) over days_so_far * at_day - sum(turned_day) over days_so_far as custody_days
    from moments
    window days_so_far as (
        partition by person_id order by at_day range between unbounded preceding and current row
    )

),

answered as (

    select person_id, at_day, custody_days from served
    where is_asked

),

exposed as (

    select
        contacts.timeline_id,
        contacts.event_key,
        contacts.recent_contacts,
        contacts.earlier_contacts,
        {{ recent }} - (coalesce(till_now.custody_days, 0) - coalesce(till_recent.custody_days, 0))
            as recent_exposure_days,
        contacts.recent_from_day - contacts.first_contact_day
        - (coalesce(till_recent.custody_days, 0) - coalesce(till_first.custody_days, 0)) as earlier_exposure_days
    from contacts
    left join answered as till_now
        on contacts.offender_person_id = till_now.person_id and contacts.day_number = till_now.at_day
    left join answered as till_recent
        on contacts.offender_person_id = till_recent.person_id and contacts.recent_from_day = till_recent.at_day
    left join answered as till_first
        on contacts.offender_person_id = till_first.person_id and contacts.first_contact_day = till_first.at_day
    where contacts.earlier_contacts >= 0

),

comparable as (

    select
        *,
        recent_contacts + earlier_contacts as compared_contacts,
        cast(earlier_exposure_days as double) / recent_exposure_days as exposure_ratio
    from exposed
    where recent_exposure_days > 0 and earlier_exposure_days > 0

),

shares as (

    select
        *,
        {{ lowest_share('recent_contacts', 'compared_contacts', z) }} as lowest_recent_share
    from comparable

),

compared as (

    select
        *,
        case
            when earlier_contacts > 0 then cast(recent_contacts as double) / earlier_contacts * exposure_ratio
        end as rate_ratio,
        lowest_recent_share / (1 - lowest_recent_share) * exposure_ratio as lowest_rate_ratio
    from shares

)

select
    timeline_id,
    event_key,
    cast(recent_contacts as bigint) as recent_contacts,
    cast(recent_exposure_days as bigint) as recent_exposure_days,
    cast(earlier_contacts as bigint) as earlier_contacts,
    cast(earlier_exposure_days as bigint) as earlier_exposure_days,
    rate_ratio,
    lowest_rate_ratio,
    coalesce(
        recent_contacts >= {{ var('least_recent_contacts') }} and lowest_rate_ratio > 1, false
    ) as is_escalation_in_frequency
from compared
