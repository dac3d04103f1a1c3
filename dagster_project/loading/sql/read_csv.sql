{% import 'rules.sql' as rules %}
-- every record of one file: its values typed, and its cells as delivered where they are still needed
drop table if exists reject_errors;
drop table if exists reject_scans;

create or replace temp table arrived as
with

cells as (

    select *
    from read_csv(
        {{ path | one_file }},
        columns = { {% for _ in header %}'_{{ loop.index0 }}': 'varchar'{{ ', ' if not loop.last }}{% endfor %} },
        auto_detect = false,
        header = true,
        delim = {{ contract.file.separator | text }},
        quote = {{ contract.file.quote | text }},
        escape = {{ contract.file.quote | text }},
        nullstr = {{ contract.file.null_text | text }},
        allow_quoted_nulls = false,
        encoding = {{ encoding | text }},
        compression = 'none',
        strict_mode = true,
        store_rejects = true,
        rejects_limit = 0,
        max_line_size = 16777216,
        buffer_size = 33554432,
        hive_partitioning = false
    )

),

typed as (

    select
        *,
        {% for column in contract.columns %}
        {{ rules.value(column, raws[column.name], contract.file) }} as {{ column.name | name }}{{ ',' if not loop.last }}
        {% endfor %}
    from cells

),

judged as (

    select
        *,
        coalesce(
            false
            {{ rules.faults(contract, raws, 'any', received_at, control) }},
            false
        ) as _is_refused
    from typed

)

select
    {% for column in contract.columns %}
    {{ column.name | name }},
    {% endfor %}
    _is_refused,
    hash({{ key | map('name') | join(', ') }}) as _key_hash,
    case
        when _is_refused
        {% for column in contract.columns if column.data_type == 'double' %}
        or {{ column.name | name }}::varchar <> {{ raws[column.name] }}
        {% endfor %}
        then [{% for _ in header %}_{{ loop.index0 }}{{ ', ' if not loop.last }}{% endfor %}]
    end as _cells{{ ',' if extras }}
    {% if extras %}
    [{% for name in extras %}_{{ header.index(name) }}{{ ', ' if not loop.last }}{% endfor %}] as _extra
    {% endif %}
from judged
