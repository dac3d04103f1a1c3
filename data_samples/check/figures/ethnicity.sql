-- ethnicity of suspects as recorded, over all of them
select
    figures.figure_id,
    count(coded.crime_ref) filter (where coded.suspect_ethnicity = figures.parts[3]) as numerator,
    count(coded.crime_ref) as cases
from figures
left join coded on true
where figures.query = 'ethnicity'
group by figures.figure_id;
