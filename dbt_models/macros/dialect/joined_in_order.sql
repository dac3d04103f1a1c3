{#- The values of a group as one text, in their own order. -#}
{% macro joined_in_order(column) -%}
    {{ return(adapter.dispatch('joined_in_order')(column)) }}
{%- endmacro %}

{% macro duckdb__joined_in_order(column) -%}
    string_agg({{ column }}, '; ' order by {{ column }})
{%- endmacro %}
