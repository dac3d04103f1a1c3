-- one row per nominal and person it is or was, where the marts were built from something else
with

now_told as (

    select
        nominal_id,
        person_id,
        known_from_at,
        known_until_at
    from {{ source('linked', 'person_nominals') }}
    where {{ builds_on_what_stands() }}

),

built_from as (

    select
        nominal_id,
        person_id,
        known_from_at,
        known_until_at
    from {{ source('meta', 'built_persons') }}
    where {{ builds_on_what_stands() }}

),

told as (

    select
        now_told.*,
        1 as is_now_told
    from now_told
    union all
    select
        built_from.*,
        -1 as is_now_told
    from built_from

),

differing as (

    select
        nominal_id,
        person_id
    from told
    group by nominal_id, person_id, known_from_at, known_until_at
    having sum(is_now_told) <> 0

)

select distinct
    nominal_id,
    person_id
from differing
