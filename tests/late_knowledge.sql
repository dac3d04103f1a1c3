-- one row per kind of thing of which more became known at a moment or after it, with how many there were
with

offences as (

    select * from staging.stg_crimes__offences

),

then_known as (

    select * from offences
    where known_from_at < $moment and (known_until_at is null or known_until_at >= $moment)

),

later as (

    select * from offences
    where known_from_at >= $moment

)

select
    'persons merged' as kind,
    count(*) as things
from identity.person_id_changes
where kind = 'merge' and changed_at >= $moment
union all
select
    'outcomes' as kind,
    count(*) as things
from then_known
inner join later on then_known.crime_id = later.crime_id
where then_known.outcome_code is null and later.outcome_code is not null
union all
select
    'crimes reclassified' as kind,
    count(*) as things
from then_known
inner join later on then_known.crime_id = later.crime_id
where then_known.offence_code <> later.offence_code
union all
select
    'suspects named' as kind,
    count(*) as things
from then_known
inner join staging.stg_crime_parties__parties as parties on then_known.crime_id = parties.crime_id
where parties.role = 'suspect' and parties.known_from_at >= $moment
union all
select
    'detentions that went on' as kind,
    count(*) as things
from staging.stg_custody__detentions as detentions
where detentions.known_from_at >= $moment and detentions.first_recorded_at < $moment
