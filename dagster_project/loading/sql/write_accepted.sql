copy (
    select
        {% for column in contract.columns %}
        arrived.{{ column.name | name }},
        {% endfor %}
        {{ received_at | text }}::timestamp as _received_at,
        {{ delivery_id | text }} as _delivery_id,
        {{ kind | text }} as _delivery_kind,
        {{ source_file | text }} as _source_file,
        {% if has_rejected %}
        placed.line as _source_line
        {% else %}
        arrived.rowid + 1 as _source_line
        {% endif %}
    from arrived
    {% if has_rejected %}
    positional join placed
    {% endif %}
    where
        not arrived._is_refused
        {% if has_set_aside %}
        and arrived.rowid not in (select row_number from set_aside)
        {% endif %}
) to {{ target | text }} (format parquet, compression zstd, row_group_size 122880)
