-- which of these nominals any source mentions
select distinct nominal_id
from identity.person_nominals
where list_contains(?, nominal_id)
