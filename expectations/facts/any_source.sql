-- one row per delivery judged: what any source can be asked, whatever its columns
with

deliveries as (

    select
        delivery_id,
        received_at,
        kind,
        covers_from,
        covers_to,
        rows_received,
        rows_loaded,
        rows_quarantined,
        rows_repeated,
        greatest(date_diff('day', covers_from, covers_to), 1) as days_covered
    from meta.deliveries
    where source = '{{ source }}' and status = 'loaded'

),

judged as (

    select *
    from deliveries
    where delivery_id in ({{ deliveries }})

),

earlier as (

    select
        judged.delivery_id,
        deliveries.rows_loaded / deliveries.days_covered as rows_a_day
    from judged
    inner join deliveries on judged.received_at > deliveries.received_at
    qualify row_number() over (partition by judged.delivery_id order by deliveries.received_at desc) <= 6

),

usual as (

    select
        delivery_id,
        median(rows_a_day) as rows_a_day
    from earlier
    group by delivery_id

),

recorded as (

    select
        judged.delivery_id,
        max(loaded.{{ recorded_at }}) as newest_at,
        avg((
            loaded.{{ recorded_at }} < judged.covers_from or loaded.{{ recorded_at }} >= judged.covers_to
        )::int) as share_recorded_outside_cover
    from raw.{{ source }} as loaded
    inner join judged on loaded._delivery_id = judged.delivery_id
    where loaded._delivery_id in ({{ deliveries }})
    group by judged.delivery_id

)

select
    judged.delivery_id,
    judged.received_at,
    judged.kind,
    judged.rows_loaded as rows,
    judged.rows_quarantined / nullif(judged.rows_received, 0) as share_quarantined,
    judged.rows_received as share_quarantined__rows,
    judged.rows_repeated / nullif(judged.rows_received, 0) as share_repeated,
    judged.rows_received as share_repeated__rows,
    judged.rows_loaded / judged.days_covered / nullif(usual.rows_a_day, 0) as volume_against_usual,
    floor(usual.rows_a_day * judged.days_covered) as volume_against_usual__rows,
    recorded.share_recorded_outside_cover,
    date_diff('hour', recorded.newest_at, judged.covers_to) / 24 as days_from_newest_row_to_end
from judged
left join usual on judged.delivery_id = usual.delivery_id
left join recorded on judged.delivery_id = recorded.delivery_id
order by judged.received_at, judged.delivery_id
