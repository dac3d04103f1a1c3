-- one row per text column and pattern: letters as A, digits as 9, runs as one, over at most so many rows
with

looked_at as (

    select *
    from explored
    {% if one_in > 1 %}where _pick % {{ one_in }} = 0{% endif %}

),

patterns as (

    {% for column in columns -%}
    select
        {{ column | text }} as column_name,
        regexp_replace(
            regexp_replace({{ column | name }}, '\p{L}[\p{L}\p{M}]*', 'A', 'g'), '\p{N}+', '9', 'g'
        ) as pattern,
        count(*) as row_count
    from looked_at
    where {{ column | name }} is not null
    group by all
    {{ 'union all' if not loop.last }}
    {% endfor -%}

)

select
    column_name,
    pattern,
    row_count,
    sum(row_count) over (partition by column_name)::bigint as rows_looked_at
from patterns
qualify
    row_count >= {{ share }} * rows_looked_at
    and row_count >= {{ fewest }}
    and length(pattern) <= {{ longest }}
    and row_number() over (partition by column_name order by row_count desc, pattern) <= {{ most }}
order by column_name, row_count desc, pattern
