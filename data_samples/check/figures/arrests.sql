-- stalking crimes with an arrest, domestic and not
with

followed_up as (
    select
        stalking.crime_ref,
        stalking.domestic,
        cases.arrested
    from stalking
    inner join truth_cases as cases on stalking.crime_ref = cases.crime_ref
    inner join periods
        on stalking.recorded_at >= periods.first_day and stalking.recorded_at < periods.day_after
    where periods.period = 'year_to_2021_09'
)

select
    figures.figure_id,
    count(followed_up.crime_ref) filter (where followed_up.arrested) as numerator,
    count(followed_up.crime_ref) as cases
from figures
left join followed_up on figures.parts[2] in ('all', followed_up.domestic)
where figures.query = 'arrests'
group by figures.figure_id;
