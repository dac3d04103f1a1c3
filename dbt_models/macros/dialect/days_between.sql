{#- Midnights between two moments, negative where the second comes first. -#}
{% macro days_between(first, second) -%}
    {{ return(adapter.dispatch('days_between')(first, second)) }}
{%- endmacro %}

{% macro duckdb__days_between(first, second) -%}
    date_diff('day', {{ first }}, {{ second }})
{%- endmacro %}
