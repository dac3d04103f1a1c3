{#-
    THE total order of events: when it happened, when it was first entered, and then names that never tie.

    What happened in an unknown year comes last; what is known by its year alone stands at that year's beginning.
-#}
{% macro event_order(alias) -%}
    {{ alias }}.occurred_at nulls last,
    {{ alias }}.first_recorded_at nulls last,
    {{ alias }}.event_id
{%- endmacro %}
