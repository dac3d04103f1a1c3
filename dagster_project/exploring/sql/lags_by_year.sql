-- one row per year of recording: half and nine tenths of its rows were recorded within so many days
select
    by_year::integer as recorded_year,
    count(*) as row_count,
    quantile_disc(date_diff('second', {{ column | name }}::timestamp, _recorded_at) / 86400.0, 0.5) as median_days,
    quantile_disc(date_diff('second', {{ column | name }}::timestamp, _recorded_at) / 86400.0, 0.9) as ninetieth_days
from explored
where {{ column | name }} is not null
group by by_year
order by by_year
