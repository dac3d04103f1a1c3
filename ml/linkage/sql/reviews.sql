-- one row per pair of nominals that a person has to decide, with what is known of it now
insert into identity.link_reviews
with

scored as (

    select * from link_judged

),

latest as (

    select
        *,
        bool_or(is_linked) over (partition by nominal_id, other_nominal_id) as is_ever_linked,
        row_number() over (
            partition by nominal_id, other_nominal_id
            order by known_from_at desc, match_weight desc
        ) as turn
    from scored

)

select
    nominal_id,
    other_nominal_id,
    known_from_at,
    match_weight,
    evidence,
    coalesce(veto, 'The evidence is neither strong nor weak.') as why
from latest
where turn = 1 and not is_ever_linked
