{#- The columns of one relation, side by side. -#}
{% macro listed(columns, alias) -%}
    {%- for column in columns -%}
        {{ alias }}.{{ column }}{{ ", " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
