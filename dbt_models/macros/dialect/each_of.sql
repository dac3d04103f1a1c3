{#- A row for each entry of a list, and one with null for an empty list. -#}
{% macro each_of(list) -%}
    {{ return(adapter.dispatch('each_of')(list)) }}
{%- endmacro %}

{% macro duckdb__each_of(list) -%}
    unnest(case when len({{ list }}) > 0 then {{ list }} else [null] end)
{%- endmacro %}
