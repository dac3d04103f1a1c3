{#- A row is known during the whole of a span. -#}
{% macro known_throughout(span, alias) -%}
    (
        {{ alias }}.known_from_at <= {{ span }}.known_from_at
        and (
            {{ alias }}.known_until_at is null
            or {{ alias }}.known_until_at > {{ span }}.known_from_at
        )
    )
{%- endmacro %}
