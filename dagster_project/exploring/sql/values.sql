-- one row per column that may be shown and value: the rows that have it
{% for column in columns -%}
select
    {{ column.name | text }} as column_name,
    {% if column.data_type == 'boolean' -%}
    case when {{ column.name | name }} then 'yes' else 'no' end as cell,
    {%- else -%}
    {{ column.name | name }}::varchar as cell,
    {%- endif %}
    count(*) as row_count,
    count(distinct _case) as cases
from explored
where {{ column.name | name }} is not null
group by all
{{ 'union all' if not loop.last }}
{% endfor -%}
order by column_name, row_count desc, cell
