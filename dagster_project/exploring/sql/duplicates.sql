-- one row: things and their versions, and how many rows say the same under another key
with

contents as (

    select
        _content,
        count(*) as row_count,
        min(_thing) <> max(_thing) as is_alike
    from explored
    group by _content

)

select
    sum(row_count)::bigint as row_count,
    (select count(distinct _thing) from explored) as things,
    coalesce(sum(row_count) filter (where is_alike), 0)::bigint as rows_alike,
    count_if(is_alike) as contents_alike
from contents
