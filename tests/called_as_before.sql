-- the accepted rows of a source, each under the delivery and the line by which the full extracts know it
create or replace view raw.{source} as
with

loaded as (

    {loaded}

),

ids as (

    select * from main.ids
    where source = '{source}'

),

lines as (

    select * from main.lines
    where source = '{source}'

)

select loaded.* replace (ids.was_id as _delivery_id, coalesce(lines.was_line, loaded._source_line) as _source_line)
from loaded
inner join ids on loaded._delivery_id = ids.delivery_id
left join lines
    on
        loaded._received_at = lines.received_at
        and loaded._source_file = lines.file
        and loaded._source_line = lines.line
