-- one row per person, as known at the cut-off
with

sightings as (

    select * from {{ ref('idn_nominals__sightings') }}

),

person_nominals as (

    select * from {{ ref('person_nominals') }}

),

events as (

    select * from {{ ref('fct_events') }}

),

nominals as (

    select
        nominal_id,
        person_id
    from person_nominals
    where
        {{ known_before(cut_off(), 'person_nominals') }}
        and {{ is_touched('person_id', 'int_touched__persons') }}

),

told as (

    select
        nominals.person_id,
        nominals.nominal_id,
        sightings.nominal_role,
        nullif(sightings.sex, 'U') as sex,
        sightings.ethnicity,
        cast(year(sightings.pii_date_of_birth) as bigint) as birth_year,
        {{ sighting_order('sightings') }} as told_order
    from sightings
    inner join nominals on sightings.nominal_id = nominals.nominal_id
    where {{ known_before(cut_off(), 'sightings') }}

),

roles as (

    select distinct
        person_id,
        nominal_role
    from told

),

roles_of_person as (

    select
        person_id,
        {{ joined_in_order('nominal_role') }} as roles
    from roles
    group by person_id

),

described as (

    select
        person_id,
        count(distinct nominal_id) as nominals,
        max_by(sex, told_order) filter (where sex is not null) as sex,
        max_by(ethnicity, told_order) filter (where ethnicity is not null) as ethnicity,
        max_by(birth_year, told_order) filter (where birth_year is not null) as birth_year
    from told
    group by person_id

),

parts as (

    select
        offender_person_id as person_id,
        event_id,
        occurred_at,
        occurred_precision
    from events
    where
        {{ known_before(cut_off(), 'events') }}
        and offender_person_id is not null
        and {{ is_touched('offender_person_id', 'int_touched__persons') }}
    union all
    select
        victim_person_id as person_id,
        event_id,
        occurred_at,
        occurred_precision
    from events
    where
        {{ known_before(cut_off(), 'events') }}
        and victim_person_id is not null
        and {{ is_touched('victim_person_id', 'int_touched__persons') }}
    union all
    select
        other_person_id as person_id,
        event_id,
        occurred_at,
        occurred_precision
    from events
    where
        {{ known_before(cut_off(), 'events') }}
        and other_person_id is not null
        and {{ is_touched('other_person_id', 'int_touched__persons') }}

),

active as (

    select
        person_id,
        min(case when occurred_precision in ('minute', 'day') then occurred_at end) as first_event_at,
        max(case when occurred_precision in ('minute', 'day') then occurred_at end) as last_event_at
    from parts
    group by person_id

)

select
    described.person_id,
    roles_of_person.roles,
    described.sex,
    described.ethnicity,
    described.birth_year,
    described.nominals,
    active.first_event_at,
    active.last_event_at
from described
inner join roles_of_person on described.person_id = roles_of_person.person_id
left join active on described.person_id = active.person_id
