-- one row per file of a delivery, column at fault and reason
with

quarantine as (

    select * from {{ source('meta', 'quarantine') }}

),

faults as (

    select
        source,
        delivery_id,
        received_at,
        source_file,
        source_line,
        reason,
        {{ each_of('columns') }} as column_name
    from quarantine
    where received_at < {{ cut_off() }}

)

select
    source,
    delivery_id,
    received_at,
    source_file,
    coalesce(column_name, 'whole record') as column_name,
    reason,
    count(*) as rows_refused,
    min(source_line) as first_source_line
from faults
group by source, delivery_id, received_at, source_file, coalesce(column_name, 'whole record'), reason
