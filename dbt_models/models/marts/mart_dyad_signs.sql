-- one row per dyad of whom fields or prose tell more than that they met, as known at the cut-off
with

events as (

    select * from {{ ref('fct_events') }}

),

dyads as (

    select * from {{ ref('dim_dyads') }}

),

known as (

    select
        *,
        case when occurred_precision in ('minute', 'day') then occurred_at end as dated_at,
        case
            when event_kind = 'crime' and offence_group in ('stalking', 'harassment') then 'offence'
            else 'prose'
        end as sign_from
    from events
    where
        dyad_id is not null
        and {{ known_before(cut_off(), 'events') }}
        and {{ is_touched('offender_person_id', 'int_touched__offenders') }}

),

told as (

    select
        dyad_id,
        offender_person_id,
        victim_person_id,
        count(case when is_sign_of_stalking then 1 end) as signs_of_stalking,
        min(case when is_sign_of_stalking then dated_at end) as first_sign_of_stalking_at,
        min_by(sign_from, event_id) filter (where is_first_sign) as first_sign_from,
        min_by(event_id, event_id) filter (where is_first_sign) as first_sign_event_id,
        max(case when is_online_inferred then 1 else 0 end) = 1 as is_online_inferred,
        max(case when is_online_inferred_from = 'field' then 1 else 0 end) = 1 as is_online_flagged,
        count(case when told_escalation_by like '%victim%' then 1 end) as escalations_told_by_victim,
        count(case when told_escalation_by like '%officer%' then 1 end) as escalations_told_by_officer,
        min(case when told_escalation_by is not null then dated_at end) as first_escalation_told_at
    from (
        select
            *,
            is_sign_of_stalking
            and dated_at
            = min(case when is_sign_of_stalking then dated_at end) over (partition by dyad_id)
                as is_first_sign
        from known
    ) as dated
    group by dyad_id, offender_person_id, victim_person_id

)

select
    told.dyad_id,
    told.offender_person_id,
    told.victim_person_id,
    dyads.relationship_inferred,
    dyads.relationship_inferred_from,
    dyads.has_children_together,
    told.signs_of_stalking,
    told.first_sign_of_stalking_at,
    told.first_sign_from,
    told.first_sign_event_id,
    told.is_online_inferred,
    case when told.is_online_flagged then 'field' when told.is_online_inferred then 'prose' end
        as is_online_inferred_from,
    told.escalations_told_by_victim,
    told.escalations_told_by_officer,
    told.first_escalation_told_at
from told
inner join dyads on told.dyad_id = dyads.dyad_id
where
    told.signs_of_stalking > 0
    or told.is_online_inferred
    or told.first_escalation_told_at is not null
    or dyads.relationship_inferred is not null
