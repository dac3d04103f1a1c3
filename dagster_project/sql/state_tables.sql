-- one row per decision that two nominals are the same person, or are not
create table if not exists link_decisions (
    nominal_id text not null,
    other_nominal_id text not null,
    verdict text not null check (verdict in ('same', 'different')),
    known_from_at text not null, -- the newest delivery that the person could have seen
    decided_at text not null,
    decided_by text not null,
    why text not null
);
