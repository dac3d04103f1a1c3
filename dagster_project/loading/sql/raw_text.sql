{# the cells of a row as a CSV line, quoted where they must be #}
{% macro of_cells(cells, file) -%}
array_to_string(list_transform({{ cells }}, lambda cell: case
    when cell is null then {{ file.null_text | text }}
    when cell = {{ file.null_text | text }}
        or contains(cell, {{ file.separator | text }})
        or contains(cell, {{ file.quote | text }})
        or contains(cell, chr(10))
        or contains(cell, chr(13))
        then {{ file.quote | text }}
            || replace(cell, {{ file.quote | text }}, {{ (file.quote ~ file.quote) | text }})
            || {{ file.quote | text }}
    else cell
end), {{ file.separator | text }})
{%- endmacro %}

{# a row of a Parquet file as one JSON object #}
{% macro as_json(header) -%}
to_json({ {% for name in header %}{{ name | text }}: {{ name | name }}{{ ', ' if not loop.last }}{% endfor %} })::varchar
{%- endmacro %}

{# a value as its source writes it #}
{% macro written(column, file) -%}
{%- set value = 'arrived.' ~ column.name | name -%}
{%- if column.data_type == 'varchar' -%} {{ value }}
{%- elif column.data_type == 'boolean' -%}
case {{ value }} when true then {{ file.true_text | text }} when false then {{ file.false_text | text }} end
{%- elif column.data_type == 'date' -%} strftime({{ value }}, {{ file.date_format | text }})
{%- elif column.data_type == 'timestamp' -%} strftime({{ value }}, {{ file.timestamp_format | text }})
{%- else -%} {{ value }}::varchar
{%- endif -%}
{%- endmacro %}
