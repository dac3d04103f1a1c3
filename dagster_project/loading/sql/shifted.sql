-- how many rejected lines stand before a row: from row `rows_before` on, `shift` of them
create or replace temp table marks as
select
    line - row_number() over (order by line) as rows_before,
    row_number() over (order by line) as shift
from rejected;

insert into shifts
select
    {{ number }} as file,
    rows_before,
    max(shift) as shift
from marks
group by rows_before;

-- the same for blocks of rows, as variables: a join would copy every row of a file that has such a line
create or replace temp table blocks as
with

marked as (

    select
        rows_before // 128 as block,
        max(shift) as shift_after,
        list(rows_before) as marks
    from marks
    group by rows_before // 128

),

numbered as (

    select unnest(range((select count(*) // 128 + 1 from looked))) as block

)

select
    numbered.block,
    coalesce(max(marked.shift_after) over (
        order by numbered.block rows between unbounded preceding and 1 preceding
    ), 0) as shift,
    marked.marks
from numbered
left join marked on marked.block = numbered.block;

set variable shifts = (select list(shift order by block) from blocks);

set variable marks = (select list(marks order by block) from blocks)
