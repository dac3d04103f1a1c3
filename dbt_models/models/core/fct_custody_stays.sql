-- one row per person and unbroken stay in custody whose beginning and end are known, as known at the cut-off
with

events as (

    select * from {{ ref('fct_events') }}

),

known as (

    select distinct
        offender_person_id as person_id,
        source_id as custody_id,
        event_kind,
        event_code,
        cast(occurred_at as date) as occurred_date
    from events
    where
        {{ known_before(cut_off(), 'events') }}
        and source = 'custody'
        and event_kind <> 'arrest'
        and offender_person_id is not null

),

detentions as (

    select
        person_id,
        custody_id,
        min(case when event_kind = 'custody_disposal' and event_code = 'remanded' then occurred_date end)
            as remanded_date,
        min(case when event_kind = 'sentence' then occurred_date end) as sentenced_date,
        max(case when event_kind = 'sentence' then cast(event_code as bigint) end) as sentence_days,
        max(case when event_kind = 'release' then occurred_date end) as released_date,
        max(case when event_kind = 'release_notice' then occurred_date end) as noticed_date
    from known
    group by person_id, custody_id

),

entered as (

    select
        *,
        coalesce(remanded_date, sentenced_date) as from_date
    from detentions
    where remanded_date is not null or sentenced_date is not null

),

stays as (

    select
        person_id,
        from_date,
        {{ custody_until('from_date', 'released_date', 'noticed_date', 'sentence_days') }} as until_date
    from entered

),

-- a stay that overlaps an earlier one goes on with it
reached as (

    select
        *,
        max(until_date) over (
            partition by person_id
            order by from_date, until_date
            rows between unbounded preceding and 1 preceding
        ) as reached_date
    from stays
    where until_date > from_date

),

numbered as (

    select
        *,
        sum(case when reached_date is null or from_date > reached_date then 1 else 0 end) over (
            partition by person_id
            order by from_date, until_date
            rows between unbounded preceding and current row
        ) as stay_number
    from reached

)

select
    person_id,
    cast(stay_number as bigint) as stay_number,
    min(from_date) as from_date,
    max(until_date) as until_date
from numbered
group by person_id, stay_number
