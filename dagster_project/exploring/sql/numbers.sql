-- one row per number column: its quantiles, its last digits and its round values
{% for column in columns -%}
select
    {{ column.name | text }} as column_name,
    count(distinct hash({{ column.name | name }})) filter (where {{ column.name | name }} is not null) as distinct_values,
    quantile_disc({{ column.name | name }}::double, [0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1]) as quantiles,
    count_if({{ column.name | name }} = 0) as zeros,
    count_if({{ column.name | name }} % 10 = 0 and {{ column.name | name }} <> 0) as tens,
    count_if({{ column.name | name }} % 5 = 0 and {{ column.name | name }} <> 0) as fives,
    {% if column.data_type == 'bigint' -%}
    [{% for digit in range(10) %}count_if(abs({{ column.name | name }}) % 10 = {{ digit }}){{ ', ' if not loop.last }}{% endfor %}]
    {%- else -%}
    []::bigint[]
    {%- endif %} as last_digits
from explored
{{ 'union all' if not loop.last }}
{% endfor -%}
