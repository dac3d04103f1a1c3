{#- The nominal that a record names stands on neither side of the crime. -#}
{% macro names_a_third(alias) -%}
    (
        {{ alias }}.nominal_id is not null
        and {{ alias }}.nominal_id <> coalesce({{ alias }}.offender_nominal_id, '')
        and {{ alias }}.nominal_id <> coalesce({{ alias }}.victim_nominal_id, '')
    )
{%- endmacro %}
