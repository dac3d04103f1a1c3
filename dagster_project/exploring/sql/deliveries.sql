-- one row per delivery of a source, in the order of receipt
select
    delivery_id,
    kind,
    strftime(received_at, '%Y-%m-%d') as received_on,
    status,
    rows_received,
    rows_loaded,
    rows_quarantined,
    rows_repeated
from meta.deliveries
where source = ?
order by received_at, delivery_id
