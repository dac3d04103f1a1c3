{#- One event of one source: the same in all its versions. -#}
{% macro event_id(source_name, source_id, event_kind) -%}
    '{{ source_name }}:' || {{ source_id }} || ':' || {{ event_kind }}
{%- endmacro %}
