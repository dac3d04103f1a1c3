{#- Two relations agree in these columns, none of which is ever null. -#}
{% macro equal_on(columns, left_alias, right_alias) -%}
    {%- for column in columns -%}
        {{ left_alias }}.{{ column }} = {{ right_alias }}.{{ column }}{{ " and " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
