-- what the reader made of the file, to be held against what the bytes show
with

unquoted as (

    select
        is_ragged and raw_text is not null as is_told,
        regexp_replace(raw_text, {{ (quote ~ '[^' ~ quote ~ ']*' ~ quote) | text }}, '', 'g') as line
    from rejected

)

select
    (select count(*) from looked) as rows_read,
    count(*) as rows_rejected,
    coalesce(sum(length(line) - length(replace(line, {{ separator | text }}, ''))), 0)::bigint as rejected_separators,
    coalesce(bool_and(is_told), true) as is_ragged_at_most
from unquoted
