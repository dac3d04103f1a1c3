{#- A model's table as the last build left it, for a model that this one reads; none where it was never built. -#}
{% macro as_it_stands(schema, name) -%}
    {{ return(adapter.get_relation(this.database, schema, name)) }}
{%- endmacro %}
