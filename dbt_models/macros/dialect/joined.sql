{#- The entries of a list as one text; null for an empty list. -#}
{% macro joined(list) -%}
    {{ return(adapter.dispatch('joined')(list)) }}
{%- endmacro %}

{% macro duckdb__joined(list) -%}
    nullif(array_to_string({{ list }}, '; '), '')
{%- endmacro %}
