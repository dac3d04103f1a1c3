-- one row per event in the timeline of a dyad or of an offender, as known at the cut-off
with

known as (

    select
        event_key,
        event_id,
        dyad_id,
        offender_person_id,
        victim_person_id,
        behaviour,
        harm_days,
        is_contact,
        is_sign_of_stalking,
        occurred_at,
        first_recorded_at,
        case
            when occurred_precision in ('minute', 'day') then {{ day_number('occurred_at') }}
        end as day_number
    from {{ ref('fct_events') }} as events
    where
        offender_person_id is not null
        and {{ known_before(cut_off(), 'events') }}
        and {{ is_touched('offender_person_id', 'int_touched__offenders') }}

),

-- an event that concerns several victims is one event of its offender
of_offenders as (

    select
        offender_person_id,
        event_id,
        count(distinct victim_person_id) as victims,
        min_by(event_key, coalesce(victim_person_id, '')) as event_key
    from known
    group by offender_person_id, event_id

),

placed as (

    select
        dyad_id as timeline_id,
        'dyad' as timeline_kind,
        cast(1 as bigint) as victims,
        known.*
    from known
    where dyad_id is not null
    union all
    select
        known.offender_person_id as timeline_id,
        'offender' as timeline_kind,
        of_offenders.victims,
        known.*
    from known
    inner join of_offenders on known.event_key = of_offenders.event_key

),

ordered as (

    select
        *,
        coalesce(is_contact and day_number is not null, false) as is_dated_contact,
        row_number() over (partition by timeline_id order by {{ event_order('placed') }}) as event_number,
        behaviour is not null
        and row_number() over (partition by timeline_id, behaviour order by {{ event_order('placed') }}) = 1
            as is_new_behaviour
    from placed

),

-- up to this event and before it, in the one order of events
run as (

    select
        *,
        sum(case when is_contact then 1 else 0 end) over so_far as contacts_so_far,
        sum(case when is_dated_contact then 1 else 0 end) over so_far as dated_contacts_so_far,
        sum(case when is_new_behaviour then 1 else 0 end) over so_far as behaviours_so_far,
        sum(harm_days) over so_far as harm_days_so_far,
        sum(case when is_sign_of_stalking then 1 else 0 end) over so_far as signs_so_far,
        max(harm_days) over before as highest_harm_days_before,
        avg(case when harm_days > 0 then harm_days end) over before as mean_harm_days_before,
        max(day_number) over before as last_event_day,
        max(case when is_dated_contact then day_number end) over before as last_contact_day,
        min(case when is_dated_contact then day_number end) over so_far as first_contact_day,
        min(first_recorded_at) over so_far as first_recorded_so_far_at
    from ordered
    window
        so_far as (
            partition by timeline_id order by event_number
            rows between unbounded preceding and current row
        ),
        before as (
            partition by timeline_id order by event_number
            rows between unbounded preceding and 1 preceding
        )

),

-- contacts on the days before a window began; what is left of the contacts so far lies within it
aged as (

    select
        *,
        {{ contacts_before(28) }} as contacts_before_28,
        {{ contacts_before(90) }} as contacts_before_90,
        {{ contacts_before(365) }} as contacts_before_365,
        {{ contacts_before(var('recent_days')) }} as contacts_before_recent
    from run

)

select
    timeline_id,
    timeline_kind,
    event_key,
    event_id,
    offender_person_id,
    event_number,
    occurred_at,
    victims,
    day_number,
    is_dated_contact,
    is_new_behaviour,
    cast(behaviours_so_far as bigint) as behaviours_so_far,
    day_number - last_event_day as days_since_last,
    day_number - last_contact_day as days_since_last_contact,
    first_contact_day,
    first_recorded_so_far_at,
    cast(contacts_so_far as bigint) as contacts_so_far,
    {{ contacts_within('contacts_before_28') }} as contacts_28_days,
    {{ contacts_within('contacts_before_90') }} as contacts_90_days,
    {{ contacts_within('contacts_before_365') }} as contacts_365_days,
    cast(case when is_dated_contact then contacts_before_recent end as bigint) as contacts_before_recent,
    cast(dated_contacts_so_far as bigint) as dated_contacts_so_far,
    cast(coalesce(harm_days_so_far, 0) as bigint) as harm_days_so_far,
    cast(signs_so_far as bigint) as signs_so_far,
    highest_harm_days_before,
    mean_harm_days_before
from aged
{{ told_anew('aged', 'offender_person_id', 'int_touched__offenders', 'occurred_at') }}
