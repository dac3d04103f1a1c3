-- one row per dyad, as known at the cut-off
with

events as (

    select * from {{ ref('fct_events') }}

),

recording_days as (

    select * from {{ ref('dim_recording_days') }}

),

known as (

    select
        *,
        source as told_by,
        split_part(event_code, ' ', 1) as code,
        case when occurred_precision in ('minute', 'day') then occurred_at end as dated_at,
        cast(known_from_at as varchar) || ' ' || event_id as told_order
    from events
    where
        dyad_id is not null
        and {{ known_before(cut_off(), 'events') }}
        and {{ is_touched('offender_person_id', 'int_touched__offenders') }}

),

-- the coded signs of a relationship, each by its latest telling
told as (

    select
        dyad_id,
        offender_person_id,
        victim_person_id,
        max_by(relationship, told_order) filter (where relationship is not null and told_by = 'crimes')
            as crime_relationship,
        max_by(relationship, told_order) filter (where relationship is not null and told_by <> 'crimes')
            as incident_relationship,
        max_by(told_relationship, told_order) filter (where told_relationship is not null)
            as prose_relationship,
        count(case when says_yes_to like '%q_separated%' then 1 end) as separations,
        count(case when told_by = 'orders' and code in ('DVPN', 'NMO') then 1 end) as domestic_orders,
        count(case when event_kind = 'risk_form' and code in ('DASH', 'DARA') then 1 end) as domestic_forms,
        count(case when is_domestic then 1 end) as domestic_records,
        count(case when says_yes_to like '%q_child_contact%' then 1 end) as child_contacts,
        count(case when says_yes_to like '%children_present%' then 1 end) as children_present,
        count(case when '; ' || told_codes || '; ' like '%; children_together; %' then 1 end)
            as children_told,
        min(case when is_contact then dated_at end) as first_contact_at,
        max(case when is_contact then dated_at end) as last_contact_at,
        count(*) as events,
        count(case when is_contact then 1 end) as contacts,
        count(case when event_kind = 'crime' and not is_cancelled then 1 end) as crimes,
        count(case when event_kind = 'domestic_incident' then 1 end) as domestic_incidents,
        count(case when event_kind = 'risk_form' then 1 end) as risk_forms,
        count(case when event_kind = 'arrest' then 1 end) as arrests,
        count(case when told_by = 'orders' then 1 end) as order_steps,
        count(case when event_kind = 'order_breached' then 1 end) as breaches
    from known
    group by dyad_id, offender_person_id, victim_person_id

),

inferred as (

    select
        *,
        case
            when crime_relationship is not null then 'crime'
            when incident_relationship is not null then 'domestic incident'
            when prose_relationship is not null then 'prose'
            when separations > 0 then 'risk form: separated'
            when domestic_orders > 0 then 'order'
            when domestic_forms > 0 then 'risk form: kind'
            when domestic_incidents > 0 then 'domestic incident: kind'
            when domestic_records > 0 then 'flag'
        end as relationship_inferred_from
    from told

),

related as (

    select
        *,
        case relationship_inferred_from
            when 'crime' then crime_relationship
            when 'domestic incident' then incident_relationship
            when 'prose' then prose_relationship
            when 'risk form: separated' then 'ex_partner'
            when 'order' then 'partner_or_family'
            when 'risk form: kind' then 'domestic'
            when 'domestic incident: kind' then 'domestic'
            when 'flag' then 'domestic'
        end as relationship_inferred
    from inferred

),

-- domestic by the rule of the day on which each event was recorded
by_rule as (

    select
        known.dyad_id,
        count(case
            when
                '; ' || recording_days.domestic_relationships || '; '
                like '%; ' || coalesce(known.relationship, related.relationship_inferred) || '; %' then 1
        end) as domestic_events
    from known
    inner join related on known.dyad_id = related.dyad_id
    left join recording_days on cast(known.first_recorded_at as date) = recording_days.recorded_date
    group by known.dyad_id

)

select
    related.dyad_id,
    related.offender_person_id,
    related.victim_person_id,
    related.crime_relationship as relationship,
    related.relationship_inferred,
    related.relationship_inferred_from,
    by_rule.domestic_events > 0 as is_domestic,
    by_rule.domestic_events,
    related.child_contacts + related.children_present + related.children_told > 0 as has_children_together,
    related.first_contact_at,
    related.last_contact_at,
    related.events,
    related.contacts,
    related.crimes,
    related.domestic_incidents,
    related.risk_forms,
    related.arrests,
    related.order_steps,
    related.breaches
from related
inner join by_rule on related.dyad_id = by_rule.dyad_id
