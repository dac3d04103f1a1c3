{#- How well a moment is known: midnight on 1 January is a year, any other midnight a day. -#}
{% macro occurred_precision(moment) -%}
    case
        when {{ moment }} is null then 'unknown'
        when {{ is_default_date(moment) }} then 'year'
        when {{ moment }} = cast(cast({{ moment }} as date) as timestamp) then 'day'
        else 'minute'
    end
{%- endmacro %}
