{% import 'rules.sql' as rules %}
{% import 'raw_text.sql' as raw_text %}
-- rows that broke a rule: the columns at fault, why in words, and the row as it was delivered
insert into quarantine
with

refused as (

    select
        *,
        rowid as row_number
    from arrived
    where _is_refused

),

cells as (

    select
        *,
        {% for name in header %}
        {% if contract.file.format == 'parquet' %}
        _cells.{{ name | name }} as _{{ loop.index0 }},
        {% else %}
        _cells[{{ loop.index }}] as _{{ loop.index0 }},
        {% endif %}
        {% endfor %}
        {{ raw_text.of_row(contract, header, extras) }} as raw_text
    from refused

),

judged as (

    select
        row_number,
        raw_text,
        list_filter([
            {{ rules.faults(contract, raws, 'list', received_at, control) }}
            null
        ], lambda fault: fault is not null) as faults
    from cells

),

this_file as (

    select * from shifts where file = {{ file }}

)

select
    {{ source | text }},
    {{ delivery_id | text }},
    {{ received_at | text }}::timestamp,
    {{ source_file | text }},
    judged.row_number + 1 + coalesce(this_file.shift, 0) as source_line,
    list_distinct(list_transform(judged.faults, lambda fault: fault.column)),
    array_to_string(list_transform(judged.faults, lambda fault: fault.column || ' ' || fault.words), '; '),
    judged.raw_text
from judged
asof left join this_file on judged.row_number >= this_file.rows_before
order by source_line
