{#- A crime with more harm than each before it, where at least two contacts came before: never on the second event. -#}
{% macro is_escalation_in_severity(event, step) -%}
    coalesce(
        {{ event }}.harm_days > {{ step }}.highest_harm_days_before
        and {{ step }}.contacts_so_far - case when {{ event }}.is_contact then 1 else 0 end >= 2,
        false
    )
{%- endmacro %}
