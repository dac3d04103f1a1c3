-- one row per pair of nominals who cannot be one person, however alike, from when that could be known
insert into identity.links_apart
select
    nominal_id,
    other_nominal_id,
    min(known_from_at) as known_from_at
from link_judged
where is_apart
group by nominal_id, other_nominal_id
