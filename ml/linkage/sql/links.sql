-- one row per pair of nominals that the evidence makes one person, from the first moment at which it did
insert into identity.links
with

scored as (

    select * from link_judged

),

passed as (

    select
        *,
        row_number() over (
            partition by nominal_id, other_nominal_id
            order by known_from_at asc, match_weight desc
        ) as turn
    from scored
    where is_linked

)

select
    nominal_id,
    other_nominal_id,
    known_from_at,
    match_weight,
    evidence
from passed
where turn = 1
