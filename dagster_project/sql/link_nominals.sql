-- one row per nominal that any source mentions, with when it was first known
select
    nominal_id,
    min(known_from_at) as known_from_at
from link_sightings
group by nominal_id
