-- the records that are in the file and were not written
create or replace temp table wanted as
select numbers.line
from range(1, {{ records }} + 1) as numbers (line)
where
    numbers.line not in (
        select _source_line from read_parquet({{ target | one_file }}, hive_partitioning = false)
    )
    and numbers.line not in (select line from rejected)
order by numbers.line
