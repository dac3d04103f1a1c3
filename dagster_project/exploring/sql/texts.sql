-- one row per text column: how many values, how long, and how many only look filled
{% for column in columns -%}
select
    {{ column.name | text }} as column_name,
    {% if column.identifies == 'prose' -%}
    null::bigint as distinct_values,
    histogram({{ column.name | name }}) as lengths,
    0::bigint as placeholders,
    null as prefix
    {%- else -%}
    {{ 'count(distinct' if exact else 'approx_count_distinct(' }} {{ column.name | name }}) as distinct_values,
    histogram(length({{ column.name | name }})) as lengths,
    count_if(lower({{ column.name | name }}) in ({{ placeholders | map('text') | join(', ') }})) as placeholders,
    {% if column.identifies -%}
    null as prefix
    {%- else -%}
    case
        when min(left({{ column.name | name }}, 2)) = max(left({{ column.name | name }}, 2))
            then min(regexp_extract(left({{ column.name | name }}, 2), '^[A-Z]+'))
        when min(left({{ column.name | name }}, 1)) = max(left({{ column.name | name }}, 1))
            then min(regexp_extract(left({{ column.name | name }}, 1), '^[A-Z]+'))
    end as prefix
    {%- endif %}
    {%- endif %}
from explored
{{ 'union all' if not loop.last }}
{% endfor -%}
