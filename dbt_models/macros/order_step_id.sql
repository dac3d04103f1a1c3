{#- One step in the life of one order: the source numbers orders and not their steps. -#}
{% macro order_step_id(alias) -%}
    {{ alias }}.order_id || '/' || {{ alias }}.step || '/' || cast({{ alias }}.occurred_at as varchar)
{%- endmacro %}
