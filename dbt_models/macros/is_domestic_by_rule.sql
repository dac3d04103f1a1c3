{#- The relationship makes an event domestic by a rule that lists such relationships; nothing does where none is told. -#}
{% macro is_domestic_by_rule(relationship, domestic_relationships) -%}
    coalesce(
        '; ' || {{ domestic_relationships }} || '; ' like '%; ' || {{ relationship }} || '; %',
        false
    )
{%- endmacro %}
