-- one row per dyad of which stalking or domestic abuse was ever told, and span in which this was known
{%- set told = [
    'dyad_id', 'is_domestic', 'is_stalking', 'first_stalking_at', 'first_2a_at', 'first_4a_after_2a_at',
] %}
with

events as (

    select * from {{ ref('fct_events') }}
    where event_kind = 'crime' and offence_group = 'stalking' and not is_cancelled and dyad_id is not null

),

domestic as (

    select * from {{ ref('fct_domestic_spans') }}

),

signs as (

    select
        dyad_id,
        offence_code,
        case when occurred_precision in ('minute', 'day') then occurred_at end as dated_at,
        known_from_at,
        known_until_at
    from events
    union all
    select
        dyad_id,
        null as offence_code,
        null as dated_at,
        known_from_at,
        known_until_at
    from domestic

),

moments as (

    select
        dyad_id,
        {{ beginning() }} as known_from_at
    from signs
    union
    select
        dyad_id,
        known_from_at
    from signs
    union
    select
        dyad_id,
        known_until_at as known_from_at
    from signs
    where known_until_at is not null

),

pieces as (

    select
        *,
        lead(known_from_at) over (partition by dyad_id order by known_from_at) as known_until_at
    from moments

),

standing as (

    select
        signs.dyad_id,
        signs.offence_code,
        signs.dated_at,
        pieces.known_from_at,
        min(case when signs.offence_code = 'STK2A' then signs.dated_at end) over (
            partition by pieces.dyad_id, pieces.known_from_at
        ) as first_2a_at
    from pieces
    inner join signs
        on pieces.dyad_id = signs.dyad_id and {{ known_throughout('pieces', 'signs') }}

),

summed as (

    select
        dyad_id,
        known_from_at,
        count(case when offence_code is null then 1 end) as domestic,
        count(offence_code) as stalking,
        min(dated_at) as first_stalking_at,
        min(first_2a_at) as first_2a_at,
        min(case when offence_code = 'STK4A' and dated_at > first_2a_at then dated_at end)
            as first_4a_after_2a_at
    from standing
    group by dyad_id, known_from_at

),

-- where nothing is known there is a row that says so, so that these spans cover all time
covered as (

    select
        pieces.dyad_id,
        coalesce(summed.domestic > 0, false) as is_domestic,
        coalesce(summed.stalking > 0, false) as is_stalking,
        summed.first_stalking_at,
        summed.first_2a_at,
        summed.first_4a_after_2a_at,
        pieces.known_from_at,
        pieces.known_until_at
    from pieces
    left join summed on {{ equal_on(['dyad_id', 'known_from_at'], 'pieces', 'summed') }}

),

continuous as (

    {{ unbroken('covered', told) }}

)

select
    dyad_id,
    is_domestic,
    is_stalking,
    first_stalking_at,
    first_2a_at,
    first_4a_after_2a_at,
    known_from_at,
    known_until_at
from continuous
