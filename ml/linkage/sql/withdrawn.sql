-- deliveries that were linked and are there no more
select count(*)
from identity.link_deliveries
where delivery_id not in (select distinct _delivery_id from link_sightings)
