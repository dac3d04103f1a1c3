-- stalking crimes of which the parties' relationship is recorded at all
with told as (
    select distinct crime_ref from crime_parties
    where nullif(relationship, '') is not null
)

select
    'missing.relationship_recorded' as figure_id,
    count(*) filter (where told.crime_ref is not null) as numerator,
    count(*) as cases
from police_year
left join told
    on police_year.crime_ref = told.crime_ref;
