-- one row per nominal and span of time in which it belonged to one person
with

linked as (

    select * from {{ source('linked', 'person_nominals') }}

)

select
    nominal_id,
    person_id,
    known_from_at,
    known_until_at
from linked
