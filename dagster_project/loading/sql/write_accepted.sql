{% import 'reading.sql' as reading %}
-- every row that breaks no rule and is not left out; the row number keeps all of it in the order of the file
{% if contract.file.format == 'csv' %}
drop table if exists reject_errors;
drop table if exists reject_scans;
{% endif %}

copy (
    with

    cells as (

{% if contract.file.format == 'parquet' %}
{{ reading.cells_of_parquet(path, header) }}
{% else %}
{{ reading.cells_of_csv(file, header, extras != ()) }}
{% endif %}
    ),

{{ reading.typed_and_judged(contract, raws, received_at, control) }},

    numbered as (

        select
            {% for column in contract.columns %}
            {{ column.name | name }},
            {% endfor %}
            row_number() over () - 1 as _row_number,
            _is_refused
        from judged

    ),

    placed as (

        select
            numbered.*,
            {% if has_rejected %}
            {{ reading.line('numbered._row_number') }} as _source_line
            {% else %}
            numbered._row_number + 1 as _source_line
            {% endif %}
        from numbered
        where not numbered._is_refused

    )

    select
        {% for column in contract.columns %}
        {{ column.name | name }},
        {% endfor %}
        {{ received_at | text }}::timestamp as _received_at,
        {% for name, value in [('_delivery_id', delivery_id), ('_delivery_kind', kind), ('_source_file', source_file)] %}
        {{ value | text }}::enum({{ value | text }}) as {{ name }},
        {% endfor %}
        _source_line
    from placed
    {% if has_left_out %}
    where _source_line not in (select line from left_out)
    {% endif %}
) to {{ target | text }} (format parquet, compression zstd, compression_level 1, row_group_size 122880)
