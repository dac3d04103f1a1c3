-- the increase of the rolling twelve months through the rule change of April 2020
select
    'rolling_change.year_to_2021_03' as figure_id,
    count(*) filter (where periods.period = 'year_to_2021_03') as numerator,
    count(*) as cases
from stalking
inner join periods on stalking.recorded_at >= periods.first_day and stalking.recorded_at < periods.day_after
where periods.period in ('year_to_2020_03', 'year_to_2021_03');
