-- one row per pair of nominals that the evidence makes one person
select
    nominal_id,
    other_nominal_id,
    known_from_at,
    match_weight
from identity.links
where nominal_id in (select nominal_id from link_unsettled)
