{% set columns = contract.column_names | map('name') | join(', ') %}
-- rows whose key another row of the delivery already used: exact repeats, and contradictions
create or replace temp table set_aside as
with

candidates as (

    select
        {{ columns }},
        arrived.rowid as row_number,
        {{ file }} as file,
        placed.line
    from arrived
    inner join keys on keys.row_number = arrived.rowid
    inner join placed on placed.rowid = arrived.rowid
    where keys.key_hash in (select key_hash from suspects)
    {% for earlier_file, path in earlier %}
    union all
    select
        {{ columns }},
        null as row_number,
        {{ earlier_file }} as file,
        _source_line as line
    from read_parquet({{ path | text }})
    where _source_line in (
        select line from seen
        where file = {{ earlier_file }} and key_hash in (select key_hash from suspects)
    )
    {% endfor %}

),

ranked as (

    select
        *,
        row({{ columns }}) as content,
        row_number() over first_come as place,
        first(row({{ columns }})) over first_come as first_content,
        first(file) over first_come as first_file,
        first(line) over first_come as first_line
    from candidates
    window first_come as (
        partition by {{ key | map('name') | join(', ') }}
        order by file, line
        rows between unbounded preceding and current row
    )

)

select
    row_number,
    line,
    content is not distinct from first_content as is_repeat,
    ([{{ files | map('text') | join(', ') }}])[first_file + 1] as first_file,
    first_line
from ranked
where place > 1 and row_number is not null
