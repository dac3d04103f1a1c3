{#- Midnight as 1 January begins: what systems write where no more than the year is known, or nothing at all. -#}
{% macro is_default_date(moment) -%}
    (
        month({{ moment }}) = 1
        and day({{ moment }}) = 1
        and {{ moment }} = cast(cast({{ moment }} as date) as timestamp)
    )
{%- endmacro %}
