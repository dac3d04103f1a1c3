-- one row per dated column: its quantiles, the ends by year alone as they are single rows, and how many rows lie on round dates and hours
{% for column in columns -%}
select
    {{ column.name | text }} as column_name,
    list_transform(
        quantile_disc({{ column.name | name }}::timestamp, [0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1]),
        (moment, place) -> case
            when place in (1, 9) then strftime(moment, '%Y') else strftime(moment, '%Y-%m-%d')
        end
    ) as quantiles,
    count_if(dayofyear({{ column.name | name }}) = 1) as on_1_january,
    count_if(day({{ column.name | name }}) = 1) as on_the_first,
    count_if({{ column.name | name }}::date = date '1970-01-01') as at_the_epoch,
    {% if column.data_type == 'timestamp' -%}
    count_if({{ column.name | name }} = date_trunc('day', {{ column.name | name }})) as at_midnight,
    count_if({{ column.name | name }} = date_trunc('hour', {{ column.name | name }})) as on_the_hour
    {%- else -%}
    null::bigint as at_midnight,
    null::bigint as on_the_hour
    {%- endif %}
from explored
{{ 'union all' if not loop.last }}
{% endfor -%}
