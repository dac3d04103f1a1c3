-- every nominal, as if all were new
create or replace temporary table link_changed as
select distinct nominal_id
from link_sightings
