-- victims of the police data's year
with

counted as (
    select
        count(*) as cases,
        count(*) filter (where victim_sex = 'F') as victim__female,
        count(*) filter (where victim_ethnicity is null) as victim__ethnicity_missing,
        count(*) filter (where victim_age between 25 and 44) as victim__age__25_44,
        count(*) filter (where victim_age between 25 and 34) as victim__age__25_34
    from police_year
),

listed as (
    unpivot counted on columns(* exclude (cases)) into name measure value numerator
)

select
    replace(measure, '__', '.') as figure_id,
    numerator,
    cases
from listed;
