-- one row per nominal and span of time in which it belonged to one person, over all time
with

person_nominals as (

    select * from {{ source('linked', 'person_nominals') }}
    where {{ is_touched('nominal_id', 'int_touched__nominals') }}

),

numbered as (

    select
        *,
        row_number() over (partition by nominal_id order by known_from_at) as span_number
    from person_nominals

)

select
    nominal_id,
    person_id,
    case when span_number = 1 then {{ beginning() }} else known_from_at end as known_from_at,
    known_until_at
from numbered
