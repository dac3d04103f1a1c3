{#- Views are kept without the name the warehouse is attached under, so that they work under any other. -#}
{% macro source(source_name, table_name) -%}
    {{ return(builtins.source(source_name, table_name).include(database=false)) }}
{%- endmacro %}
