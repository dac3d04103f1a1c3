{#- Birthdays between a day of birth and a later moment. -#}
{% macro full_years_between(first, second) -%}
    {{ return(adapter.dispatch('full_years_between')(first, second)) }}
{%- endmacro %}

{% macro duckdb__full_years_between(first, second) -%}
    date_sub('year', cast({{ first }} as date), cast({{ second }} as date))
{%- endmacro %}
