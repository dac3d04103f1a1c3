-- which of the stalking offences it is
with

sections as (
    select
        stalking.crime_ref,
        case stalking.class_code when 'STK2A' then '2A' when 'STK4A' then '4A' else 'breach' end as section
    from stalking
    inner join
        periods
        on stalking.recorded_at >= periods.first_day and stalking.recorded_at < periods.day_after
    where periods.period = 'police_year'
)

select
    figures.figure_id,
    count(sections.crime_ref) filter (where sections.section = figures.parts[3]) as numerator,
    count(sections.crime_ref) as cases
from figures
left join sections on true
where figures.query = 'sections'
group by figures.figure_id;
