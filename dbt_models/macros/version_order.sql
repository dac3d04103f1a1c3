{#- The order in which the versions of one thing became known; it ties no two rows. -#}
{% macro version_order(alias) -%}
    {{ alias }}.known_from_at, {{ alias }}._received_at, {{ alias }}._source_file, {{ alias }}._source_line
{%- endmacro %}
