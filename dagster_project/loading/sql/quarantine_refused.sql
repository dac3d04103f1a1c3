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

{% if contract.file.format == 'parquet' %}
delivered as (

    select
        {% for name in header %}
        {{ name | name }} as _{{ loop.index0 }},
        {% endfor %}
        file_row_number
    from read_parquet({{ path | one_file }}, hive_partitioning = false, file_row_number = true)
    where file_row_number in (select row_number from refused)

),

cells as (

    select
        refused.*,
        delivered.* exclude (file_row_number),
        to_json({ {% for name in header %}{{ name | text }}: delivered._{{ loop.index0 }}{{ ', ' if not loop.last }}{% endfor %} })::varchar as raw_text
    from refused
    inner join delivered on delivered.file_row_number = refused.row_number

),
{% else %}
cells as (

    select
        *,
        {% for name in header %}
        _cells[{{ loop.index }}] as _{{ loop.index0 }},
        {% endfor %}
        {{ raw_text.of_row(contract, header, extras) }} as raw_text
    from refused

),
{% endif %}

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

told as (

    select
        row_number,
        raw_text,
        list_transform(faults, lambda fault: fault.column) as columns,
        list_transform(faults, lambda fault: fault.column || ' ' || fault.words) as words
    from judged

),

this_file as (

    select * from shifts where file = {{ file }}

)

select
    {{ source | text }},
    {{ delivery_id | text }},
    {{ received_at | text }}::timestamp,
    {{ source_file | text }},
    told.row_number + 1 + coalesce(this_file.shift, 0) as source_line,
    list_filter(told.columns, lambda name, place: list_position(told.columns, name) = place),
    array_to_string(told.words, '; '),
    told.raw_text
from told
asof left join this_file on told.row_number >= this_file.rows_before
order by source_line
