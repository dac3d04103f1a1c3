-- before the first run nobody has become anybody
create table if not exists identity.person_id_changes (
    changed_at timestamp, old_person_id varchar, new_person_id varchar, kind varchar
)
