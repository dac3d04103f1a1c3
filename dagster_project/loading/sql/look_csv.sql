{% import 'reading.sql' as reading %}
-- the hash of every record's key in the order of the file, and nothing else of it
drop table if exists reject_errors;
drop table if exists reject_scans;

create or replace temp table looked as
with

cells as (

{{ reading.cells_of_csv(file, header, is_whole) }}
),

{{ reading.keys(contract, raws, key) }}
