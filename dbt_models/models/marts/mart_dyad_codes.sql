-- one row per dyad and code that the prose of its records affirms, as known at the cut-off
with

events as (

    select * from {{ ref('fct_events') }}

),

codes as (

    select * from {{ source('coded', 'codes') }}

),

known as (

    select
        *,
        case when occurred_precision in ('minute', 'day') then occurred_at end as dated_at
    from events
    where
        dyad_id is not null
        and told_codes is not null
        and {{ known_before(cut_off(), 'events') }}
        and {{ is_touched('offender_person_id', 'int_touched__offenders') }}

)

select
    known.dyad_id,
    known.offender_person_id,
    known.victim_person_id,
    codes.code,
    codes.title as code_title,
    codes.code_group,
    codes.is_behaviour,
    codes.is_pursuit,
    count(*) as records,
    count(distinct known.source) as sources,
    min(known.dated_at) as first_told_at,
    max(known.dated_at) as last_told_at,
    min(known.known_from_at) as known_from_at
from known
inner join codes on '; ' || known.told_codes || '; ' like '%; ' || codes.code || '; %'
group by
    known.dyad_id,
    known.offender_person_id,
    known.victim_person_id,
    codes.code,
    codes.title,
    codes.code_group,
    codes.is_behaviour,
    codes.is_pursuit
