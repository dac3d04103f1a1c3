{#- The order in which a person was told of, as one text: later tellings come later, and none tie. -#}
{% macro sighting_order(alias) -%}
    cast({{ alias }}.known_from_at as varchar) || ' ' || {{ alias }}._delivery_id || ' ' || {{ alias }}._source_file
    || ' ' || lpad(cast({{ alias }}._source_line as varchar), 12, '0')
    || ' ' || {{ alias }}.nominal_id || ' ' || coalesce({{ alias }}.nominal_role, '')
{%- endmacro %}
