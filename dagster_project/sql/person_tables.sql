-- who was who, what changed, and on what that rests
create table if not exists identity.person_nominals (
    nominal_id varchar,
    person_id varchar,
    known_from_at timestamp,
    known_until_at timestamp
);

create table if not exists identity.person_id_changes (
    changed_at timestamp,
    old_person_id varchar,
    new_person_id varchar,
    kind varchar,
    because_nominal_id varchar,
    because_other_nominal_id varchar
);

create table if not exists identity.links_by_number (
    nominal_id varchar,
    other_nominal_id varchar,
    known_from_at timestamp,
    match_weight double
);

-- nominals that anything joins are one component; the mark stands for all that was heard of the nominal
create table if not exists identity.person_components (
    nominal_id varchar,
    component_id varchar,
    mark ubigint
)
