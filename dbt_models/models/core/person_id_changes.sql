-- one row per nominal whose person changed, and moment
with

linked as (

    select * from {{ source('linked', 'person_id_changes') }}

)

select
    changed_at,
    old_person_id,
    new_person_id,
    kind,
    because_nominal_id,
    because_other_nominal_id
from linked
