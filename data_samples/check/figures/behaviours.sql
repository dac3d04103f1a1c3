-- behaviours as coded, over all cases and within kinds of relationship; the list has the order of its bits
with

kinds as (
    select
        unnest([
            'calls_or_texts',
            'surveillance',
            'face_to_face',
            'third_party',
            'online_contact',
            'threat_physical',
            'threat_self_harm',
            'love_bombing',
            'property_damage',
            'forced_entry',
            'threat_property',
            'threat_sexual',
            'weapon_used',
            'physical_assault',
            'sexual_contact'
        ]) as kind,
        unnest(range(15)) as bit_number
),

cases as (
    select
        crime_ref,
        behaviours,
        case
            when relationship in ('partner', 'ex_partner') then 'partners'
            when relationship = 'stranger' then 'strangers'
            else 'others'
        end as relation
    from coded
)

select
    figures.figure_id,
    count(cases.crime_ref) filter (where ((cases.behaviours >> kinds.bit_number) & 1) = 1) as numerator,
    count(cases.crime_ref) as cases
from figures
inner join kinds on figures.parts[2] = kinds.kind
left join cases on coalesce(figures.parts[3], cases.relation) = cases.relation
where figures.query = 'behaviours'
group by figures.figure_id;
