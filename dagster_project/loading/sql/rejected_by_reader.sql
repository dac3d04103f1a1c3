-- lines that could not be split into cells, by the number that the reader gave them: the header and blank lines count
create or replace temp table rejected as
with

blank as (

    select unnest({{ blank_lines }}::bigint[]) as line

),

errors as (

    select
        line,
        min(column_idx) filter (error_type = 'MISSING COLUMNS') as last_cell,
        any_value(csv_line) as csv_line,
        bool_and(error_type in ('MISSING COLUMNS', 'TOO MANY COLUMNS')) as is_ragged
    from reject_errors
    group by line

)

select
    line - 1 - (select count(*) from blank where blank.line < errors.line) as line,
    case when last_cell is null then [] else [([{{ header | map('text') | join(', ') }}])[last_cell::bigint + 1]] end::varchar[] as columns,
    case
        when last_cell is null then 'the line has more cells than the header'
        else 'the line has fewer cells than the header'
    end as reason,
    ltrim(csv_line, chr(10) || chr(13)) as raw_text,
    is_ragged
from errors
