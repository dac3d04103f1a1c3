-- one row per text column: how many values, how long, and how many only look filled
{% for column in columns -%}
select
    {{ column.name | text }} as column_name,
    {% if column.identifies == 'prose' -%}
    null::bigint as distinct_values,
    histogram({{ column.name | name }}) as lengths,
    0::bigint as placeholders
    {%- else -%}
    count(distinct hash({{ column.name | name }})) filter (where {{ column.name | name }} is not null) as distinct_values,
    histogram(length({{ column.name | name }})) as lengths,
    count_if(lower({{ column.name | name }}) in ({{ placeholders | map('text') | join(', ') }})) as placeholders
    {%- endif %}
from explored
{{ 'union all' if not loop.last }}
{% endfor -%}
