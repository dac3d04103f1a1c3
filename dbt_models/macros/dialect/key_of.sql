{#- One number for what these columns say together: it differs where any of them does, nulls included. -#}
{% macro key_of(columns) -%}
    {{ return(adapter.dispatch('key_of')(columns)) }}
{%- endmacro %}

{% macro duckdb__key_of(columns) -%}
    cast(hash({{ columns | join(', ') }}) >> 1 as bigint)
{%- endmacro %}
