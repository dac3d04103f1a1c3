{#- A text's name, made of its own words: equal texts have one; null for no text. -#}
{% macro text_id(column) -%}
    {{ return(adapter.dispatch('text_id')(column)) }}
{%- endmacro %}

{% macro duckdb__text_id(column) -%}
    md5({{ column }})
{%- endmacro %}
