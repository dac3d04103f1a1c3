{#-
    THE rule of time: the rows of a staging relation as they were known strictly before a moment.

    A row that became known at that very moment is not known yet, and a version that was superseded at that very
    moment still stands. Of each thing it leaves one version, or none.
-#}
{% macro known_before(moment, alias) -%}
    (
        {{ alias }}.known_from_at < {{ moment }}
        and ({{ alias }}.known_until_at is null or {{ alias }}.known_until_at >= {{ moment }})
    )
{%- endmacro %}
