{#-
    When the force could first have known a row.

    A first delivery is a system's history: there it is when the system says it recorded the row, and never later
    than the day it came. What comes afterwards was known when it was received.
-#}
{% macro known_from(recorded_at, alias) -%}
    case
        when {{ alias }}._delivery_kind = 'history'
            then least(coalesce({{ alias }}.{{ recorded_at }}, {{ alias }}._received_at), {{ alias }}._received_at)
        else {{ alias }}._received_at
    end
{%- endmacro %}
