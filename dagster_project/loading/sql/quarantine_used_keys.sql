{% import 'raw_text.sql' as raw_text %}
{% set written -%}
[{% for name in header -%}
{% if name in extras %}_extra[{{ extras.index(name) + 1 }}]{% else %}{{ raw_text.written(contract.column(name), contract.file) }}{% endif %}
{{- ', ' if not loop.last }}
{%- endfor %}]
{%- endset %}
-- rows that contradict the row which used their key first, and beside them the exact repeats
insert into quarantine
with

contradictions as (

    select * from set_aside where not is_repeat

),

texts as (

    {% if contract.file.format == 'parquet' %}
    select
        file_row_number as _row,
        {{ raw_text.as_json(header) }} as _raw_text
    from read_parquet({{ path | text }}, hive_partitioning = false, file_row_number = true)
    where file_row_number in (select row_number from contradictions)
    {% else %}
    select
        rowid as _row,
        coalesce(
            {{ raw_text.of_cells('_cells', contract.file) }},
            {{ raw_text.of_cells(written, contract.file) }}
        ) as _raw_text
    from arrived
    where rowid in (select row_number from contradictions)
    {% endif %}

)

select
    {{ source | text }},
    {{ delivery_id | text }},
    {{ received_at | text }}::timestamp,
    {{ source_file | text }},
    contradictions.line,
    [{{ key | map('text') | join(', ') }}],
    format(
        'its key ({{ key | join(', ') | replace("'", "''") }}) was already used by record {} of {}',
        contradictions.first_line, contradictions.first_file
    ),
    texts._raw_text
from contradictions
inner join texts on texts._row = contradictions.row_number
order by contradictions.line;

insert into repeats
select
    {{ source | text }},
    {{ delivery_id | text }},
    {{ source_file | text }},
    line,
    first_file,
    first_line
from set_aside
where is_repeat
order by line;
