{% set columns = contract.column_names | map('name') | join(', ') %}
-- rows whose key another row of the delivery already used: exact repeats, and contradictions
create or replace temp table set_aside as
with

candidates as (

    select
        {{ columns }},
        {{ number }} as file,
        _line as line
    from arrived
    where not _is_refused
    {% for earlier_file, path in earlier %}
    union all
    select
        {{ columns }},
        {{ earlier_file }} as file,
        _source_line as line
    from read_parquet({{ path | one_file }}, hive_partitioning = false)
    where _source_line in (
        with that_file as (select * from shifts where file = {{ earlier_file }})
        select before.row_number + 1 + coalesce(that_file.shift, 0)
        from before
        asof left join that_file on before.row_number >= that_file.rows_before
        where before.file = {{ earlier_file }}
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
    line,
    content is not distinct from first_content as is_repeat,
    ([{{ files | map('text') | join(', ') }}])[first_file + 1] as first_file,
    first_line
from ranked
where place > 1 and file = {{ number }};

-- all that must not be written, as far as it is known
create or replace temp table left_out as
select line from set_aside
union all
select _line from arrived
where _is_refused
;

select count(*) from left_out
