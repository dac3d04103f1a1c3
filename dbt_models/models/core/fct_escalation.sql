-- one row per dated contact of a timeline with the days before it compared with the time before those
{%- set recent = var('recent_days') %}
with

steps as (

    select * from {{ ref('fct_steps') }}

),

custody_days as (

    select * from {{ ref('fct_custody_days') }}

),

-- the first contact and this one begin and end the time that is compared, and count on neither side
contacts as (

    select
        timeline_id,
        event_key,
        offender_person_id,
        first_contact_day,
        day_number - {{ recent }} as recent_from_day,
        day_number,
        dated_contacts_so_far - contacts_before_recent - 1 as recent_contacts,
        contacts_before_recent - 1 as earlier_contacts
    from steps
    where is_dated_contact and contacts_before_recent > 0

),

exposed as (

    select
        contacts.*,
        {{ recent }} - (coalesce(till_now.custody_days, 0) - coalesce(till_recent.custody_days, 0))
            as recent_exposure_days,
        contacts.recent_from_day - contacts.first_contact_day
        - (coalesce(till_recent.custody_days, 0) - coalesce(till_first.custody_days, 0))
            as earlier_exposure_days
    from contacts
    left join custody_days as till_now
        on contacts.offender_person_id = till_now.person_id and contacts.day_number = till_now.day_number
    left join custody_days as till_recent
        on
            contacts.offender_person_id = till_recent.person_id
            and contacts.recent_from_day = till_recent.day_number
    left join custody_days as till_first
        on
            contacts.offender_person_id = till_first.person_id
            and contacts.first_contact_day = till_first.day_number

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
        {{ lowest_share('recent_contacts', 'compared_contacts', var('interval_z')) }} as lowest_share
    from comparable

),

compared as (

    select
        *,
        case
            when earlier_contacts > 0 then cast(recent_contacts as double) / earlier_contacts * exposure_ratio
        end as rate_ratio,
        lowest_share / (1 - lowest_share) * exposure_ratio as lowest_rate_ratio
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
