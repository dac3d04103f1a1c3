select
    table_name as published_table,
    estimated_size as rows,
    split_part(comment, '.', 1) as one_row_is
from duckdb_tables()
order by table_name
