{% set columns = contract.column_names | map('name') | join(', ') %}
-- rows whose key another row of the delivery already used: exact repeats, and contradictions
create or replace temp table set_aside as
with

here as (

    select
        {{ columns }},
        rowid as row_number
    from arrived
    where not _is_refused and _key_hash in (select key_hash from suspects)

),

this_file as (

    select * from shifts where file = {{ file }}

),

candidates as (

    select
        {{ columns }},
        here.row_number,
        {{ file }} as file,
        here.row_number + 1 + coalesce(this_file.shift, 0) as line
    from here
    asof left join this_file on here.row_number >= this_file.rows_before
    {% for earlier_file, path in earlier %}
    union all
    select
        {{ columns }},
        null as row_number,
        {{ earlier_file }} as file,
        _source_line as line
    from read_parquet({{ path | one_file }}, hive_partitioning = false)
    where _source_line in (
        with
        before as (
            select row_number from seen
            where file = {{ earlier_file }} and key_hash in (select key_hash from suspects)
        ),
        that_file as (select * from shifts where file = {{ earlier_file }})
        select before.row_number + 1 + coalesce(that_file.shift, 0)
        from before
        asof left join that_file on before.row_number >= that_file.rows_before
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
