{% import 'reading.sql' as reading %}
-- the hash of every record's key in the order of the file, and nothing else of it
create or replace temp table looked as
with

cells as (

{{ reading.cells_of_parquet(path, header) }}
),

{{ reading.keys(contract, raws, key) }}
