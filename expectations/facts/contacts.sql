-- one row per delivery judged: what a delivery of contacts shows as a whole
with

contacts as (

    select *
    from raw.contacts
    where _delivery_id in ({{ deliveries }})

)

select
    _delivery_id as delivery_id,
    count(distinct district) as districts_seen,
    count(distinct channel) as channels_seen,
    avg((incident_ref is null)::int) as share_without_incident,
    avg((caller_ref is null)::int) as share_without_caller,
    avg((surname is null)::int) as share_without_name,
    avg((channel = '999')::int) as share_emergency,
    avg((category = 'other')::int) as share_other,
    avg((crime_ref is not null)::int) as share_with_crime,
    quantile_disc(date_diff('minute', contact_at, created_at), 0.99) as minutes_to_record_for_99_in_100,
    avg((contact_at = date_trunc('day', contact_at))::int) as share_at_midnight
from contacts
group by _delivery_id
