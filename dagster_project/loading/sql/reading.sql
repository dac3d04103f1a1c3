{% import 'rules.sql' as rules %}
{# The records of one file as cells `_0`, `_1`, ... in the order of its header, and their values. #}

{# `is_whole` makes the reader look at every cell: one that skips some does not see each line with too many #}
{% macro cells_of_csv(file, header, is_whole) %}
    select *
    from read_csv(
        {{ file.path | one_file }},
        columns = {
            {%- if file.is_extract %}'_line': 'bigint', {% endif %}
            {% for _ in header %}'_{{ loop.index0 }}': 'varchar'{{ ', ' if not loop.last }}{% endfor -%}
        },
        auto_detect = false,
        header = {{ not file.is_extract }},
        delim = {{ file.layout.separator | text }},
        quote = {{ file.layout.quote | text }},
        escape = {{ file.layout.quote | text }},
        nullstr = {{ file.layout.null_text | text }},
        allow_quoted_nulls = false,
        encoding = {{ file.encoding | text }},
        compression = 'none',
        strict_mode = true,
        store_rejects = true,
        rejects_limit = 0,
        max_line_size = {{ file.longest }},
        buffer_size = 33554432,
        hive_partitioning = false
    )
    {% if is_whole %}
    where hash({% for _ in header %}_{{ loop.index0 }}{{ ', ' if not loop.last }}{% endfor %}) is not null
    {% endif %}
{% endmacro %}

{% macro cells_of_parquet(path, header) %}
    select
        {% for name in header %}
        {{ name | name }} as _{{ loop.index0 }},
        {% endfor %}
        file_row_number + 1 as _line
    from read_parquet({{ path | one_file }}, hive_partitioning = false, file_row_number = true)
{% endmacro %}

{# a record that lacks a part of its key will be refused and claims none #}
{% macro keys(contract, raws, key) %}
keys as (

    select
        {% for name in key %}
        {{ rules.value(contract.column(name), raws[name], contract.file) }} as {{ name | name }}{{ ',' if not loop.last }}
        {% endfor %}
    from cells

)

select
    case
        when true
        {% for name in key if contract.column(name).required %}
        and {{ name | name }} is not null
        {% endfor %}
        then hash({{ key | map('name') | join(', ') }})
    end as key_hash
from keys
{% endmacro %}

{# what the cells mean, and whether they break a rule #}
{% macro typed_and_judged(contract, raws, received_at, control) %}
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
{% endmacro %}

{# the line of a record, from how many the reader read before: those that it rejected count too #}
{% macro line(row_number) -%}
{%- set block = '[' ~ row_number ~ ' // 128 + 1]' -%}
{{ row_number }} + 1 + getvariable('shifts'){{ block }} + case
    when getvariable('marks'){{ block }} is null then 0
    else len(list_filter(getvariable('marks'){{ block }}, lambda mark: mark <= {{ row_number }}))
end
{%- endmacro %}
