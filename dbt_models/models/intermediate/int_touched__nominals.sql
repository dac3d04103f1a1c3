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

differing as (

    (
        select * from now_told
        except
        select * from built_from
    )
    union all
    (
        select * from built_from
        except
        select * from now_told
    )

)

select distinct
    nominal_id,
    person_id
from differing
