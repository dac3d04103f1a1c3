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

{# a value as its source writes it #}
{% macro written(column, file) -%}
{%- set value = column.name | name -%}
{%- if column.data_type == 'varchar' -%} {{ value }}::varchar
{%- elif column.data_type == 'boolean' -%}
case {{ value }} when true then {{ file.true_text | text }} when false then {{ file.false_text | text }} end
{%- elif column.data_type == 'date' -%} strftime({{ value }}, {{ file.date_format | text }})
{%- elif column.data_type == 'timestamp' -%} strftime({{ value }}, {{ file.timestamp_format | text }})
{%- else -%} {{ value }}::varchar
{%- endif -%}
{%- endmacro %}

{# all cells of a row in the order of its file, where only the values were kept #}
{% macro written_cells(contract, header, extras) -%}
[{% for name in header -%}
{% if name in extras %}_extra[{{ extras.index(name) + 1 }}]{% else %}{{ written(contract.column(name), contract.file) }}{% endif %}
{{- ', ' if not loop.last }}
{%- endfor %}]
{%- endmacro %}

{# a row of a Parquet file as one JSON object, where only the values were kept #}
{% macro written_json(header, extras) -%}
to_json({ {% for name in header -%}
{{ name | text }}: {% if name in extras %}_extra[{{ extras.index(name) + 1 }}]{% else %}{{ name | name }}{% endif %}
{{- ', ' if not loop.last }}
{%- endfor %} })::varchar
{%- endmacro %}

{# the row as it was delivered; a row of Parquet is read again where its values are not those of the file #}
{% macro of_row(contract, header, extras) -%}
{%- if contract.file.format == 'parquet' -%}
{{ written_json(header, extras) }}
{%- else -%}
coalesce({{ of_cells('_cells', contract.file) }}, {{ of_cells(written_cells(contract, header, extras), contract.file) }})
{%- endif -%}
{%- endmacro %}
