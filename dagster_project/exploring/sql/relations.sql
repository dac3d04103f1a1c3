-- the sources that are there to be read, and how many rows of them were loaded
select
    there.table_name,
    coalesce(sum(delivered.rows_loaded) filter (where delivered.status = 'loaded'), 0)::bigint as row_count
from information_schema.tables as there
left join meta.deliveries as delivered on there.table_name = delivered.source
where there.table_schema = 'raw'
group by there.table_name
