-- one row per crime, side told of more than once, nominal that stands in it, and span in which that was known
{%- set told = ['crime_id', 'side', 'nominal_id', 'role', 'relationship'] %}
{%- set party = ['crime_id', 'side', 'person_id'] %}
with

parties as (

    select * from {{ ref('int_crimes__parties') }}

),

persons as (

    select * from {{ ref('int_nominals__persons') }}

),

told_again as (

    select * from parties
    where not is_told_once and {{ is_touched('crime_id', 'int_touched__crimes') }}

),

standing as (

    {{ unbroken('told_again', told) }}

),

people as (

    select
        {{ listed(told, 'standing') }},
        coalesce(persons.person_id, standing.nominal_id) as person_id,
        {{ known_together(['standing', 'persons']) }}
    from standing
    left join persons on standing.nominal_id = persons.nominal_id
    where {{ are_known_together(['standing', 'persons']) }}

),

moments as (

    select {{ listed(party, 'people') }}, known_from_at from people
    union
    select {{ listed(party, 'people') }}, known_until_at as known_from_at from people
    where known_until_at is not null

),

pieces as (

    select
        *,
        lead(known_from_at) over (
            partition by {{ listed(party, 'moments') }} order by known_from_at
        ) as known_until_at
    from moments

),

-- of the nominals of one person one speaks at a time
candidates as (

    select
        {{ listed(told, 'people') }},
        pieces.known_from_at,
        pieces.known_until_at,
        row_number() over (
            partition by {{ listed(party, 'pieces') }}, pieces.known_from_at
            order by people.role, people.nominal_id, people.relationship nulls last
        ) as turn
    from pieces
    inner join people
        on {{ equal_on(party, 'pieces', 'people') }} and {{ known_throughout('pieces', 'people') }}

),

speaking as (

    select * from candidates
    where turn = 1

),

continuous as (

    {{ unbroken('speaking', told) }}

)

select
    crime_id,
    side,
    nominal_id,
    role,
    relationship,
    known_from_at,
    known_until_at
from continuous
