-- how many pairs of records agree in all of these columns
with

agreeing as (

    select count(*) as records
    from link_training
    where {filled}
    group by {columns}

)

select cast(coalesce(sum(records * (records - 1) / 2), 0) as bigint) as pairs
from agreeing
