-- one row per event of a detention, victim of its crime, and version of what was known
{%- set nothing = 'cast(null as varchar)' %}
{%- set events = [
    ('arrest', 'occurred_at', nothing),
    ('custody_disposal', 'disposal_at', 'disposal'),
    ('release', 'released_at', nothing),
    ('sentence', 'sentence_at', 'cast(sentence_days as varchar)'),
    ('release_notice', 'release_notice_at', nothing),
] %}
with

detentions as (

    select * from {{ ref('stg_custody__detentions') }}
    where {{ is_touched('custody_id', 'int_touched__records') }}

),

victims as (

    select * from {{ as_needed(ref('int_crimes__sides'), 'crime_id', 'detentions') }}
    where side = 'victim'

),

events as (

    {% for kind, moment, code in events -%}
        select
            *,
            '{{ kind }}' as event_kind,
            {{ moment }} as happened_at,
            {{ code }} as event_code
        from detentions
        where {{ moment }} is not null
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

recorded as (

    select
        -- ids
        {{ event_id('custody', 'events.custody_id', 'events.event_kind') }} as event_id,
        events.event_kind,
        'custody' as source,
        events.custody_id as source_id,
        events.crime_id,

        -- what it is
        events.event_code,
        cast(null as varchar) as says_yes_to,
        events.offence_code,
        cast(null as varchar) as district,
        cast(null as varchar) as ward_id,
        cast(null as varchar) as location_kind,
        cast(null as boolean) as is_domestic,
        cast(null as boolean) as is_online,
        cast(null as boolean) as is_online_known_from_assumed,
        cast(null as varchar) as relationship,
        false as is_cancelled,
        false as is_counted_elsewhere,
        cast(null as varchar) as text_id,

        -- whom it concerns
        events.detainee_nominal_id as offender_nominal_id,
        'detainee' as offender_role,
        victims.nominal_id as victim_nominal_id,
        victims.role as victim_role,
        cast(null as varchar) as other_nominal_id,
        cast(null as varchar) as other_role,

        -- when it happened, and when we knew
        events.happened_at as occurred_at,
        cast(null as timestamp) as occurred_until_at,
        {{ occurred_precision('events.happened_at') }} as occurred_precision,
        events.first_recorded_at,
        events.recorded_at,
        {{ known_together(['events', 'victims']) }},

        -- where it came from
        events._delivery_id,
        events._source_file,
        events._source_line
    from events
    left join victims on events.crime_id = victims.crime_id
    where {{ are_known_together(['events', 'victims']) }}

)

{{ with_people('recorded') }}
