-- one row per delivery judged: how many of its references lead to a row that had been received by then;
-- not asked where the other source had not yet delivered the time that this delivery covers
with

judged as (

    select
        child.delivery_id,
        child.received_at,
        max(parent.covers_to) >= child.covers_to as is_other_source_here
    from meta.deliveries as child
    left join meta.deliveries as parent
        on
            parent.source = '{{ to_source }}'
            and child.received_at >= parent.received_at
            and parent.status in ('loaded', 'repeat')
    where child.delivery_id in ({{ deliveries }}) and child.status = 'loaded'
    group by child.delivery_id, child.received_at, child.covers_to

),

known as (

    select
        {{ to_column }} as reference,
        min(_received_at) as received_at
    from raw.{{ to_source }}
    group by {{ to_column }}

),

referring as (

    select
        _delivery_id as delivery_id,
        {{ from_column }} as reference
    from raw.{{ source }}
    where _delivery_id in ({{ deliveries }}) and {{ from_column }} is not null

)

select
    judged.delivery_id,
    case
        when any_value(judged.is_other_source_here)
            then avg(coalesce(known.received_at <= judged.received_at, false)::int)
    end as {{ fact }},
    count(*) as {{ fact }}__rows
from judged
inner join referring on judged.delivery_id = referring.delivery_id
left join known on referring.reference = known.reference
group by judged.delivery_id
