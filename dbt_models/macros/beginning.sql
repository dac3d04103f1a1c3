{#- Before anything was known: where a relation has to say what stood before its first row. -#}
{% macro beginning() -%}
    cast('1900-01-01' as timestamp)
{%- endmacro %}
