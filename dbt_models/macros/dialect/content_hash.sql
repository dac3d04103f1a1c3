{#- One number for what a delivered row says, lineage aside: equal rows have equal numbers, and nulls count. -#}
{% macro content_hash(alias) -%}
    {{ return(adapter.dispatch('content_hash')(alias)) }}
{%- endmacro %}

{% macro duckdb__content_hash(alias) -%}
    hash(*columns(
        {{ alias }}.* exclude (_received_at, _delivery_id, _delivery_kind, _source_file, _source_line)
    ))
{%- endmacro %}
