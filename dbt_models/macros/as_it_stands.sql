{#- A model's table as the last build left it, for a model that comes before it; none where it was never built. -#}
{% macro as_it_stands(schema, name) -%}
    {%- set relation = adapter.get_relation(this.database, schema, name) -%}
    {{ return(relation.include(database=false) if relation else none) }}
{%- endmacro %}
