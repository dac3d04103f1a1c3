-- rolling twelve months of stalking: one row per figure
select
    figures.figure_id,
    count(stalking.crime_ref) as numerator,
    count(stalking.crime_ref) as cases
from figures
inner join periods on figures.parts[2] = periods.period
left join stalking
    on
        periods.first_day <= stalking.recorded_at
        and periods.day_after > stalking.recorded_at
where figures.query = 'rolling'
group by figures.figure_id;
