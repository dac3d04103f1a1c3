{#- The events of all sources, each as its own model tells them. -#}
{% macro events_of_every_kind() -%}
    {%- set kinds = [
        ref('int_events__crimes'),
        ref('int_events__outcomes'),
        ref('int_events__risk_forms'),
        ref('int_events__custody'),
        ref('int_events__contacts'),
        ref('int_events__command_logs'),
        ref('int_events__case_notes'),
        ref('int_events__intelligence'),
        ref('int_events__domestic_incidents'),
        ref('int_events__orders'),
        ref('int_events__investigation_actions'),
    ] -%}
    {% for kind in kinds -%}
        select * from {{ kind }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
{%- endmacro %}
