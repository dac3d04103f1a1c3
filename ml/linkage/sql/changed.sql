-- nominals of whom a delivery tells that has not been linked
create or replace temporary table link_changed as
select distinct nominal_id
from link_sightings
where _delivery_id not in (select delivery_id from identity.link_deliveries)
