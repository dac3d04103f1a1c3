-- one row per person, what ends or interrupts following them, and version of what was known
{%- set lineage = ['_delivery_id', '_source_file', '_source_line'] %}
{%- set death = ['person_id', 'from_date', 'source_id'] + lineage %}
{#- whoever is arrested was at liberty until then -#}
{%- set held = [
    ("case when until_date is null then 'release unknown' else 'custody' end", 'from_date', 'until_date',
        'end_told_by', 'from_date is not null and (until_date is null or until_date > from_date)'),
    ("'seen at liberty'", 'cast(occurred_at as date)', 'cast(null as date)', 'cast(null as varchar)', 'true'),
] %}
with

detentions as (

    select
        *,
        cast(coalesce(case when disposal = 'remanded' then disposal_at end, sentence_at) as date)
            as from_date,
        cast(released_at as date) as released_date,
        cast(release_notice_at as date) as noticed_date
    from {{ ref('stg_custody__detentions') }}

),

events as (

    select * from {{ ref('fct_events') }}
    where event_kind in ('crime', 'outcome') and not is_cancelled

),

persons as (

    select * from {{ ref('int_nominals__persons') }}

),

stays as (

    select
        *,
        {{ custody_until('from_date', 'released_date', 'noticed_date', 'sentence_days') }} as until_date,
        case
            when released_date >= from_date then 'release'
            when noticed_date >= from_date then 'release notice'
            when sentence_days is not null then 'sentence'
        end as end_told_by
    from detentions

),

held as (

    {% for kind, from_date, until_date, told_by, holds in held -%}
        select
            custody_id,
            detainee_nominal_id,
            {{ kind }} as exposure_kind,
            {{ from_date }} as from_date,
            {{ until_date }} as until_date,
            {{ told_by }} as end_told_by,
            {{ listed(lineage, 'stays') }},
            known_from_at,
            known_until_at
        from stays
        where {{ holds }}
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- an outcome says that the offender has died, or somebody was the victim of a homicide: dead by that day
died as (

    select
        offender_person_id as person_id,
        cast(occurred_at as date) as from_date,
        source_id,
        {{ listed(lineage, 'events') }},
        known_from_at,
        known_until_at
    from events
    where event_kind = 'outcome' and event_code = '5' and offender_person_id is not null
    union all
    select
        victim_person_id as person_id,
        cast(case when occurred_precision = 'year' then first_recorded_at else occurred_at end as date)
            as from_date,
        source_id,
        {{ listed(lineage, 'events') }},
        known_from_at,
        known_until_at
    from events
    where event_kind = 'crime' and offence_code = 'MURDER' and victim_person_id is not null

),

-- told once, though the crime has several pairs
dead as (

    {{ unbroken('died', death) }}

),

everybody as (

    select
        persons.person_id,
        held.exposure_kind,
        held.from_date,
        held.until_date,
        held.end_told_by,
        'custody' as source,
        held.custody_id as source_id,
        {{ listed(lineage, 'held') }},
        {{ known_together(['held', 'persons']) }}
    from held
    inner join persons on held.detainee_nominal_id = persons.nominal_id
    where {{ are_known_together(['held', 'persons']) }}
    union all
    select
        person_id,
        'death' as exposure_kind,
        from_date,
        null as until_date,
        null as end_told_by,
        'crimes' as source,
        source_id,
        {{ listed(lineage, 'dead') }},
        known_from_at,
        known_until_at
    from dead

)

select
    {{ key_of(['person_id', 'exposure_kind', 'source', 'source_id', 'known_from_at']) }} as exposure_key,
    person_id,
    exposure_kind,
    from_date,
    until_date,
    end_told_by,
    source,
    source_id,
    known_from_at,
    known_until_at,
    {{ listed(lineage, 'everybody') }}
from everybody
