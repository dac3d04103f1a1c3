-- what has been linked need not be looked at again
insert into identity.link_deliveries
select distinct _delivery_id
from link_sightings
where _delivery_id not in (select delivery_id from identity.link_deliveries)
