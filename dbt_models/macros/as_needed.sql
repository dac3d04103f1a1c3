{#-
    A relation that is joined, or in a build that goes on from the last one only its rows for what is built again.

    DuckDB holds what stands on the right of a join: all pairs of a force, or all its nominals, for a handful of records.
-#}
{% macro as_needed(relation, column, by, by_column=none) -%}
    {%- if this and is_incremental() -%}
        (
            select needed.* from {{ relation }} as needed
            where needed.{{ column }} in (select {{ by }}.{{ by_column or column }} from {{ by }})
        )
    {%- else -%}
        {{ relation }}
    {%- endif -%}
{%- endmacro %}
