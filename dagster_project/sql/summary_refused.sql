select
    source,
    reason
from meta.deliveries
where status = 'refused'
order by source, received_at, delivery_id
