-- which of the stalking offences it is
with

recorded as (
    select
        stalking.crime_ref,
        stalking.section
    from stalking
    inner join periods
        on stalking.recorded_at >= periods.first_day and stalking.recorded_at < periods.day_after
    where periods.period = 'police_year'
)

select
    figures.figure_id,
    count(recorded.crime_ref) filter (where recorded.section = figures.parts[3]) as numerator,
    count(recorded.crime_ref) as cases
from figures
left join recorded on true
where figures.query = 'sections'
group by figures.figure_id;
