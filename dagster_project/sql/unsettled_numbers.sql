-- one row per unsettled nominal and telephone number by which anybody may be found
select
    nominal_id,
    known_from_at,
    number,
    is_number_only
from link_numbers
where nominal_id in (select nominal_id from link_unsettled)
