-- one row per nominal that any source mentions, with when it was first known
create or replace temporary table link_nominals as
select
    nominal_id,
    min(known_from_at) as known_from_at
from link_sightings
group by nominal_id
