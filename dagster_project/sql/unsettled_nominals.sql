-- one row per nominal of whom something new was heard, or who is in one component with such
select
    nominal_id,
    known_from_at
from link_nominals
where nominal_id in (select nominal_id from link_unsettled)
