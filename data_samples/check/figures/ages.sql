-- ages where known: suspects of the coded cases, victims of the police data's year
with

counted as (
    select
        count(suspect_age) as cases,
        count(*) filter (where suspect_age < 18) as suspect__age__under_18,
        count(*) filter (where suspect_age < 25) as suspect__age__under_25,
        count(*) filter (where suspect_age between 18 and 24) as suspect__age__18_24,
        count(*) filter (where suspect_age between 25 and 34) as suspect__age__25_34,
        count(*) filter (where suspect_age between 35 and 44) as suspect__age__35_44,
        count(*) filter (where suspect_age between 45 and 54) as suspect__age__45_54,
        count(*) filter (where suspect_age between 55 and 64) as suspect__age__55_64,
        count(*) filter (where suspect_age >= 65) as suspect__age__65_over,
        count(*) filter (where suspect_age >= 55) as suspect__age__55_over,
        count(*) filter (where suspect_age >= 45) as suspect__age__45_over
    from coded
),

listed as (
    unpivot counted on columns(* exclude (cases)) into name measure value numerator
)

select
    replace(measure, '__', '.') as figure_id,
    numerator,
    cases
from listed;
