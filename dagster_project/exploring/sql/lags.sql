-- one row per dated column: days until it was recorded, at each twentieth of the rows
{% for column in columns -%}
select
    {{ column | text }} as column_name,
    count({{ column | name }}) as row_count,
    count_if({{ column | name }} > _recorded_at) as rows_after_recording,
    quantile_disc(
        date_diff('second', {{ column | name }}::timestamp, _recorded_at) / 86400.0, [{{ curve | join(', ') }}]
    ) as days
from explored
{{ 'union all' if not loop.last }}
{% endfor -%}
