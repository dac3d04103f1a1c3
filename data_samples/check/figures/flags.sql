-- stalking crimes with the cyber flag set
select
    'flags.cyber' as figure_id,
    count(*) filter (where stalking.is_cyber) as numerator,
    count(*) as cases
from stalking
inner join periods on stalking.recorded_at >= periods.first_day and stalking.recorded_at < periods.day_after
where periods.period = 'year_to_2021_09';
