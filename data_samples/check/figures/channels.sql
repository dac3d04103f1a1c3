-- how stalking was reported
select
    figures.figure_id,
    count(police_year.crime_ref) filter (where police_year.report_channel = figures.parts[2]) as numerator,
    count(police_year.crime_ref) as cases
from figures
left join police_year on true
where figures.query = 'channels'
group by figures.figure_id;
