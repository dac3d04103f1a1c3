{#- Contacts of a known day on the days of a timeline that lie so many days back or more. -#}
{% macro contacts_before(days) -%}
    sum(case when is_dated_contact then 1 else 0 end) over (
        partition by timeline_id order by day_number
        range between unbounded preceding and {{ days }} preceding
    )
{%- endmacro %}

{#- Contacts so far without those before a window: they lie within it. An event of an unknown day has no window. -#}
{% macro contacts_within(contacts_before_window) -%}
    cast(
        case when day_number is not null then dated_contacts_so_far - coalesce({{ contacts_before_window }}, 0) end
        as bigint
    )
{%- endmacro %}
