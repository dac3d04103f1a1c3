{#- Views are kept without the name the warehouse is attached under, so that they work under any other. -#}
{% macro ref(model_name) -%}
    {{ return(builtins.ref(model_name).include(database=false)) }}
{%- endmacro %}
