-- who the suspect is to the victim, in truth
select
    figures.figure_id,
    count(coded.crime_ref) filter (where coded.relationship = figures.parts[2]) as numerator,
    count(coded.crime_ref) as cases
from figures
left join coded on true
where figures.query = 'relationships'
group by figures.figure_id;
