{% import 'reading.sql' as reading %}
-- cells of columns that the contract does not know, as text
insert into extra_columns
with

cells as (

{% if contract.file.format == 'parquet' %}
{{ reading.cells_of_parquet(path, header) }}
{% else %}
{{ reading.cells_of_csv(file, header, true) }}
{% endif %}
),

numbered as (

    select
        {% if contract.file.format == 'csv' %}
        row_number() over () - 1 as row_number,
        {% else %}
        _line - 1 as row_number,
        {% endif %}
        [{% for name in extras %}_{{ header.index(name) }}::varchar{{ ', ' if not loop.last }}{% endfor %}] as extra
    from cells

),

told as (

    select
        row_number,
        unnest([{{ extras | map('text') | join(', ') }}]) as column_name,
        unnest(extra) as value
    from numbered

),

this_file as (

    select * from shifts where file = {{ number }}

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
