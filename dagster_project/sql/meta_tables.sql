-- What the warehouse knows of its own making; filled by the assets of the deliveries and of the gates.
create schema if not exists raw;
create schema if not exists meta;

create table if not exists meta.deliveries (
    source varchar,
    delivery_id varchar,
    status varchar,
    reason varchar,
    kind varchar,
    received_at timestamp,
    covers_from timestamp,
    covers_to timestamp,
    rows_received bigint,
    rows_loaded bigint,
    rows_quarantined bigint,
    rows_repeated bigint,
    content_sha256 varchar,
    warnings varchar[]
);

create table if not exists meta.delivery_files (
    source varchar,
    delivery_id varchar,
    source_file varchar,
    bytes bigint,
    sha256 varchar,
    rows_received bigint,
    rows_loaded bigint,
    rows_quarantined bigint,
    rows_repeated bigint
);

create table if not exists meta.quarantine (
    source varchar,
    delivery_id varchar,
    received_at timestamp,
    source_file varchar,
    source_line bigint,
    columns varchar[],
    reason varchar,
    raw_text varchar
);

create table if not exists meta.expectation_results (
    delivery_id varchar,
    source varchar,
    received_at timestamp,
    expectation varchar,
    relation varchar,
    kind varchar,
    severity varchar,
    rows_checked bigint,
    rows_failing bigint,
    share_failing double,
    is_met boolean,
    observed double,
    why varchar,
    owner varchar,
    suite_sha256 varchar
);

-- what the marts were last built from, so that the next build knows what it may leave as it stands
create table if not exists meta.builds (
    cut_off timestamp,
    fingerprint varchar,
    is_whole boolean
);

create table if not exists meta.built_deliveries (
    delivery_id varchar,
    content_sha256 varchar
);

create table if not exists meta.built_persons (
    nominal_id varchar,
    person_id varchar,
    known_from_at timestamp,
    known_until_at timestamp
);
