{#- Two relations speak of the same delivered row: nothing else tells exact copies of it apart. -#}
{% macro same_row(left_alias, right_alias) -%}
    {{ left_alias }}._delivery_id = {{ right_alias }}._delivery_id
    and {{ left_alias }}._source_file = {{ right_alias }}._source_file
    and {{ left_alias }}._source_line = {{ right_alias }}._source_line
{%- endmacro %}
