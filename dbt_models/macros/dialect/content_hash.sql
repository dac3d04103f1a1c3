{#- One number for the content of a row; equal rows have equal numbers, and nulls count. -#}
{% macro content_hash(columns) -%}
    {{ return(adapter.dispatch('content_hash')(columns)) }}
{%- endmacro %}

{% macro duckdb__content_hash(columns) -%}
    hash({{ columns }})
{%- endmacro %}
