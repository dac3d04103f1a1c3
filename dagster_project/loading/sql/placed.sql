-- the ordinal of each row in its file: rejected lines before it count too
create or replace temp table placed as
with

marks as (

    select
        line - row_number() over (order by line) as rows_before,
        row_number() over (order by line) as shift
    from rejected

),

shifts as (

    select
        rows_before,
        max(shift) as shift
    from marks
    group by rows_before

),

arrived_rows as (

    select rowid as row_number from arrived

)

select
    arrived_rows.row_number + 1 + coalesce(shifts.shift, 0) as line
from arrived_rows
asof left join shifts on arrived_rows.row_number >= shifts.rows_before
order by arrived_rows.row_number
