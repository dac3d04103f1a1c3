-- cells of columns that the contract does not know, as text
insert into extra_columns
with

told as (

    select
        rowid as row_number,
        unnest([{% for name in extras %}{{ name | text }}{{ ', ' if not loop.last }}{% endfor %}]) as column_name,
        unnest(_extra) as value
    from arrived

),

this_file as (

    select * from shifts where file = {{ file }}

)

select
    {{ source | text }},
    {{ delivery_id | text }},
    {{ source_file | text }},
    told.row_number + 1 + coalesce(this_file.shift, 0) as source_line,
    told.column_name,
    told.value
from told
asof left join this_file on told.row_number >= this_file.rows_before
where told.value is not null
order by source_line, told.column_name
