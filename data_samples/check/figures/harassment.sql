-- the stalking and harassment class without its stalking; the courses' own part is shrunk from focus to scale
with

conduct as (
    select
        crimes.crime_ref,
        if(offences.crime_ref is null, 1, made_with.scale / made_with.focus) as weight
    from crimes
    inner join periods on crimes.recorded_at >= periods.first_day and crimes.recorded_at < periods.day_after
    left join truth_offences as offences on crimes.crime_ref = offences.crime_ref
    cross join made_with
    where
        periods.period = 'briefing_year'
        and crimes.class_code in ('HAR', 'HARFV', 'MALCOM', 'CCB')
)

select
    'harassment.briefing_year' as figure_id,
    coalesce(sum(weight), 0) as numerator,
    count(*) as cases
from conduct;
