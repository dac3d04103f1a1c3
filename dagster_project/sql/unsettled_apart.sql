-- one row per pair of nominals who cannot be one person
select
    nominal_id,
    other_nominal_id,
    known_from_at
from identity.links_apart
where nominal_id in (select nominal_id from link_unsettled)
