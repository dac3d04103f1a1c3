{#- One step in the life of one order: the source numbers orders and not their steps. -#}
{% macro order_step_id(order, step, moment) -%}
    {{ order }} || '/' || {{ step }} || '/' || cast({{ moment }} as varchar)
{%- endmacro %}
