{#-
    Events of the persons who are built: all events, or in a build that goes on from the last one those that
    `int_timelines__events` has set aside, so that every event is read once and not once for each table.
-#}
{% macro events_at_hand() -%}
    {%- set every_event = ref('fct_events') -%}
    {%- if not execute or (this and is_incremental()) -%}
        {{ ref('int_timelines__events') }}
    {%- else -%}
        {{ every_event }}
    {%- endif -%}
{%- endmacro %}
