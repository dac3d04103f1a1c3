-- one row per incident log, version of a domestic incident or contact that names it, and whom that names
with

incidents as (

    select * from {{ ref('stg_domestic_incidents__incidents') }}

),

contacts as (

    select
        *,
        coalesce(caller_role, 'unknown') not in ('suspect', 'victim') as is_third
    from {{ ref('stg_contacts__contacts') }}

),

named as (

    select
        command_log_id,
        1 as turn,
        domestic_incident_id as told_by_id,
        other_nominal_id as offender_nominal_id,
        case when other_nominal_id is not null then 'other party' end as offender_role,
        victim_nominal_id,
        case when victim_nominal_id is not null then 'victim' end as victim_role,
        null as other_nominal_id,
        null as other_role,
        known_from_at,
        known_until_at
    from incidents
    where
        command_log_id is not null
        and {{ are_known_together(['incidents']) }}
        and {{ is_touched('command_log_id', 'int_touched__records') }}
    union all
    select
        command_log_id,
        2 as turn,
        contact_id as told_by_id,
        case when caller_role = 'suspect' then caller_nominal_id end as offender_nominal_id,
        case when caller_role = 'suspect' then 'caller' end as offender_role,
        case when caller_role = 'victim' then caller_nominal_id end as victim_nominal_id,
        case when caller_role = 'victim' then 'caller' end as victim_role,
        case when is_third then caller_nominal_id end as other_nominal_id,
        case when is_third then 'caller' end as other_role,
        known_from_at,
        known_until_at
    from contacts
    where
        command_log_id is not null
        and caller_nominal_id is not null
        and {{ are_known_together(['contacts']) }}
        and {{ is_touched('command_log_id', 'int_touched__records') }}

),

logs as (

    select
        command_log_id,
        count(*) = 1 and count(known_until_at) = 0 as is_told_once
    from named
    group by command_log_id

)

select
    named.command_log_id,
    logs.is_told_once,
    cast(named.turn as bigint) as turn,
    named.told_by_id,
    named.offender_nominal_id,
    named.offender_role,
    named.victim_nominal_id,
    named.victim_role,
    named.other_nominal_id,
    named.other_role,
    named.known_from_at,
    named.known_until_at
from named
inner join logs on named.command_log_id = logs.command_log_id
