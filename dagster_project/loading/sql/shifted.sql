-- how many rejected lines stand before a row: from row `rows_before` on, `shift` of them
insert into shifts
with

marks as (

    select
        line - row_number() over (order by line) as rows_before,
        row_number() over (order by line) as shift
    from rejected

)

select
    {{ file }} as file,
    rows_before,
    max(shift) as shift
from marks
group by rows_before;

-- the same for blocks of rows, so that a join on the block places a whole file without sorting it
create or replace temp table blocks as
with

marked as (

    select
        rows_before // 2048 as block,
        max(shift) as shift_after,
        list({'rows_before': rows_before, 'shift': shift}) as marks
    from shifts
    where file = {{ file }}
    group by rows_before // 2048

),

numbered as (

    select unnest(range((select count(*) // 2048 + 1 from arrived))) as block

)

select
    numbered.block,
    coalesce(max(marked.shift_after) over (
        order by numbered.block rows between unbounded preceding and 1 preceding
    ), 0) as shift,
    marked.marks
from numbered
left join marked on marked.block = numbered.block
