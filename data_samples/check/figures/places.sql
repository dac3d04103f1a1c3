-- where it happened, as the truth has it
select
    figures.figure_id,
    count(coded.crime_ref) filter (where coded.location_kind = figures.parts[2]) as numerator,
    count(coded.crime_ref) as cases
from figures
left join coded on true
where figures.query = 'places'
group by figures.figure_id;
