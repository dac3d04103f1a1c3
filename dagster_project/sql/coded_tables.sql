-- What the prose says; filled by the asset that codes it.
create schema if not exists coded;

create table if not exists coded.codes (
    code varchar,
    title varchar,
    code_group varchar,
    told_of varchar,
    is_behaviour boolean,
    is_pursuit boolean,
    definition varchar,
    list_version varchar
);

create table if not exists coded.text_codes (
    text_id varchar,
    code varchar,
    span_start bigint,
    span_end bigint,
    polarity varchar,
    actor varchar,
    rule varchar,
    list_version varchar
);

create table if not exists coded.texts (
    text_id varchar,
    list_version varchar
);

create table if not exists coded.passed_over (
    text_id varchar,
    passed_over varchar,
    list_version varchar
);
