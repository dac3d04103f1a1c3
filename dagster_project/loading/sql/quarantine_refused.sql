{% import 'rules.sql' as rules %}
{% import 'raw_text.sql' as raw_text %}
-- rows that broke a rule: the columns at fault, why in words, and the row as it was delivered
insert into quarantine
with

cells as (

    {% if contract.file.format == 'parquet' %}
    select
        {% for name in header %}
        {{ name | name }} as _{{ loop.index0 }},
        {% endfor %}
        {{ raw_text.as_json(header) }} as _raw_text,
        file_row_number as _row
    from read_parquet({{ path | text }}, hive_partitioning = false, file_row_number = true)
    where file_row_number in (select rowid from arrived where _is_refused)
    {% else %}
    select
        {% for _ in header %}
        _cells[{{ loop.index }}] as _{{ loop.index0 }},
        {% endfor %}
        {{ raw_text.of_cells('_cells', contract.file) }} as _raw_text,
        rowid as _row
    from arrived
    where _is_refused
    {% endif %}

),

judged as (

    select
        placed.line,
        cells._raw_text,
        list_filter([
            {{ rules.faults(contract, raws, 'list', received_at, control) }}
            null
        ], lambda fault: fault is not null) as faults
    from cells
    inner join arrived on arrived.rowid = cells._row
    inner join placed on placed.rowid = cells._row

)

select
    {{ source | text }},
    {{ delivery_id | text }},
    {{ received_at | text }}::timestamp,
    {{ source_file | text }},
    line,
    list_distinct(list_transform(faults, lambda fault: fault.column)),
    array_to_string(list_transform(faults, lambda fault: fault.column || ' ' || fault.words), '; '),
    _raw_text
from judged
order by line
