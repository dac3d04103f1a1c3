-- one row per compared pair of profiles near or beyond the threshold, or below it where less is enough
create or replace temporary table link_judged as
with

scored as (

    select
        *,
        {veto} as veto,
        {evidence} as evidence,
        match_weight >= {together} and {enough} as is_enough,
        {apart} as is_apart
    from {scored}
    where match_weight >= {reviewed} or (match_weight >= {together} and {enough})

)

select
    least(one.nominal_id, other.nominal_id) as nominal_id,
    greatest(one.nominal_id, other.nominal_id) as other_nominal_id,
    greatest(one.known_from_at, other.known_from_at) as known_from_at,
    round(scored.match_weight, 3) as match_weight,
    scored.evidence,
    scored.veto,
    (round(scored.match_weight, 3) >= {linked} or scored.is_enough) and scored.veto is null as is_linked,
    scored.is_apart
from scored
inner join identity.link_profiles as one on scored.profile_id_l = one.profile_id
inner join identity.link_profiles as other on scored.profile_id_r = other.profile_id
