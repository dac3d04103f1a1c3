{#- The row came in a delivery from which the marts were not built yet. -#}
{% macro is_new_delivery(alias) -%}
    {{ alias }}._delivery_id in (
        select deliveries.delivery_id
        from {{ source('meta', 'deliveries') }} as deliveries
        where
            deliveries.status = 'loaded'
            and deliveries.delivery_id not in (
                select built.delivery_id
                from {{ source('meta', 'built_deliveries') }} as built
            )
    )
{%- endmacro %}
