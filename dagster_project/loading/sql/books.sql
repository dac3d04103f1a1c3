-- what is kept beside the accepted rows of a delivery
create or replace table quarantine (
    source varchar,
    delivery_id varchar,
    received_at timestamp,
    source_file varchar,
    source_line bigint,
    columns varchar[],
    reason varchar,
    raw_text varchar
);

create or replace table repeats (
    source varchar,
    delivery_id varchar,
    source_file varchar,
    source_line bigint,
    first_file varchar,
    first_line bigint
);

create or replace table extra_columns (
    source varchar,
    delivery_id varchar,
    source_file varchar,
    source_line bigint,
    column_name varchar,
    value varchar
);

-- keys of the files of this delivery that were read before, and how their rows are placed
create or replace table seen (key_hash ubigint, file integer, row_number bigint);

create or replace table shifts (file integer, rows_before bigint, shift bigint);
