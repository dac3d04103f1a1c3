-- when the newest delivery came that this warehouse holds
select max(received_at) as received_at
from meta.deliveries
where status = 'loaded'
