-- how many nominals there are now, and how many persons they are
select
    count(*) as nominals,
    count(distinct person_id) as persons
from identity.person_nominals
where known_until_at is null
