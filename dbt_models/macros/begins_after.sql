{#- One row became known only after another did. -#}
{% macro begins_after(later, earlier) -%}
    {{ later }}.known_from_at > {{ earlier }}.known_from_at
{%- endmacro %}
