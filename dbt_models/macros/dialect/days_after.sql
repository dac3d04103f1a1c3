{#- The day so many days after another; half days are cut off. -#}
{% macro days_after(day, days) -%}
    {{ return(adapter.dispatch('days_after')(day, days)) }}
{%- endmacro %}

{% macro duckdb__days_after(day, days) -%}
    {{ day }} + cast(floor({{ days }}) as integer)
{%- endmacro %}
