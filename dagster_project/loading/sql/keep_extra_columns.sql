-- cells of columns that the contract does not know, as text
insert into extra_columns
with

told as (

    select
        placed.line,
        unnest([{% for name in extras %}{{ name | text }}{{ ', ' if not loop.last }}{% endfor %}]) as column_name,
        unnest(arrived._extra) as value
    from arrived
    inner join placed on placed.rowid = arrived.rowid

)

select
    {{ source | text }},
    {{ delivery_id | text }},
    {{ source_file | text }},
    line,
    column_name,
    value
from told
where value is not null
order by line, column_name
