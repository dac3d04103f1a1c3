-- people proceeded against for stalking of the police data's year, where the field is recorded or not
with

counted as (
    select
        count(*) as cases,
        count(*) filter (where suspect_sex = 'F') as proceeded__female,
        count(*) filter (where suspect_age between 18 and 24) as proceeded__18_24,
        count(*) filter (where suspect_age between 25 and 34) as proceeded__25_34,
        count(*) filter (where suspect_age between 35 and 44) as proceeded__35_44
    from police_year
    where charged or outcome_code in ('1', '1A', '2', '2A', '3', '3A')
),

listed as (
    unpivot counted on columns(* exclude (cases)) into name measure value numerator
)

select
    replace(measure, '__', '.') as figure_id,
    numerator,
    cases
from listed;
