-- people proceeded against for stalking of the police data's year, where the field is recorded or not
with

counted as (
    select
        count(*) as cases,
        count(*) filter (where suspect_sex = 'F') as proceeded__female
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
