{#- The day of a moment as a number, so that days can be counted and windows laid over them. -#}
{% macro day_number(moment) -%}
    {{ days_between("cast('2000-01-01' as timestamp)", moment) }}
{%- endmacro %}
