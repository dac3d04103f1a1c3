-- one row per nominal: a mark that changes with anything that bears on which person it is
create or replace temporary table link_heard as
with

bearing as (

    select
        nominal_id,
        hash(known_from_at) as mark
    from link_nominals

    union all

    select
        unnest([nominal_id, other_nominal_id]) as nominal_id,
        hash('linked', nominal_id, other_nominal_id, known_from_at, match_weight) as mark
    from identity.links

    union all

    select
        unnest([nominal_id, other_nominal_id]) as nominal_id,
        hash('apart', nominal_id, other_nominal_id, known_from_at) as mark
    from identity.links_apart

    union all

    select
        unnest([nominal_id, other_nominal_id]) as nominal_id,
        hash('decided', nominal_id, other_nominal_id, known_from_at, verdict) as mark
    from link_decided

    union all

    -- who else has given a number bears on everyone who has
    select
        nominal_id,
        hash(number, sum(hash(nominal_id, known_from_at, is_number_only)) over (partition by number)) as mark
    from link_numbers

),

heard as (

    select
        nominal_id,
        hash('{rules}', sum(mark)) as mark
    from bearing
    group by nominal_id

)

select heard.*
from heard
inner join link_nominals on heard.nominal_id = link_nominals.nominal_id;

-- the nominals of whom something else was heard before, and all who are in one component with any of them
create or replace temporary table link_unsettled as
with

changed as (

    select coalesce(heard.nominal_id, components.nominal_id) as nominal_id
    from link_heard as heard
    full join identity.person_components as components on heard.nominal_id = components.nominal_id
    where heard.mark is distinct from components.mark

),

stirred as (

    select distinct components.component_id
    from identity.person_components as components
    inner join changed on components.nominal_id = changed.nominal_id

)

select nominal_id from changed
union
select components.nominal_id
from identity.person_components as components
inner join stirred on components.component_id = stirred.component_id
