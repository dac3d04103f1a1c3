-- one row per time that two persons became one
select
    changed_at,
    old_person_id,
    new_person_id
from identity.person_id_changes
where kind = 'merge'
