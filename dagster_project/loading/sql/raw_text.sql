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

{# the row as it was delivered: a CSV line, or a JSON object for a row of Parquet #}
{% macro of_row(contract, header) -%}
{%- if contract.file.format == 'parquet' -%}
to_json({ {% for name in header %}{{ name | text }}: _{{ loop.index0 }}{{ ', ' if not loop.last }}{% endfor %} })::varchar
{%- else -%}
{{ of_cells('[' ~ cells(header) ~ ']', contract.file) }}
{%- endif -%}
{%- endmacro %}

{% macro cells(header) -%}
{% for _ in header %}_{{ loop.index0 }}{{ ', ' if not loop.last }}{% endfor %}
{%- endmacro %}
