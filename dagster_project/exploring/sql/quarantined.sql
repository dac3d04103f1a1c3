-- one row per column for which rows of a source were set aside; no reason and no text
with

refused as (

    select unnest(columns) as column_name
    from meta.quarantine
    where source = ?

)

select
    column_name,
    count(*) as row_count
from refused
group by column_name
order by row_count desc, column_name
