-- one row per kind of event, offence, answers and told codes that show an indicator of the homicide timeline
with

events as (

    select * from {{ ref('fct_events') }}

),

homicide_timeline as (

    select * from {{ ref('homicide_timeline') }}

),

seen as (

    select distinct
        event_kind,
        offence_code,
        says_yes_to,
        told_codes
    from events
    where
        (says_yes_to is not null or offence_code is not null or told_codes is not null or source = 'orders')
        and {{ known_before(cut_off(), 'events') }}

),

shown as (

    select distinct
        seen.event_kind,
        seen.offence_code,
        seen.says_yes_to,
        seen.told_codes,
        cast(homicide_timeline.stage as varchar) || ' ' || homicide_timeline.indicator as indicator
    from seen
    inner join homicide_timeline
        on
            (homicide_timeline.shown_by = 'event_kind' and seen.event_kind = homicide_timeline.code)
            or (
                homicide_timeline.shown_by = 'offence'
                and seen.event_kind = 'crime'
                and seen.offence_code = homicide_timeline.code
            )
            or (
                homicide_timeline.shown_by = 'answer'
                and seen.says_yes_to like '%' || homicide_timeline.code || '%'
            )
            or (
                homicide_timeline.shown_by = 'prose'
                and '; ' || seen.told_codes || '; ' like '%; ' || homicide_timeline.code || '; %'
            )

)

select
    {{ key_of(['event_kind', 'offence_code', 'says_yes_to', 'told_codes']) }} as shown_key,
    event_kind,
    offence_code,
    says_yes_to,
    told_codes,
    {{ joined_in_order('indicator') }} as homicide_indicators
from shown
group by event_kind, offence_code, says_yes_to, told_codes
