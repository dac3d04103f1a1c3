copy (
    select
        {% for column in contract.columns %}
        arrived.{{ column.name | name }},
        {% endfor %}
        {{ received_at | text }}::timestamp as _received_at,
        {% for name, value in [('_delivery_id', delivery_id), ('_delivery_kind', kind), ('_source_file', source_file)] %}
        {{ value | text }}::enum({{ value | text }}) as {{ name }},
        {% endfor %}
        {% if has_rejected %}
        arrived.rowid + 1 + case
            when blocks.marks is null then blocks.shift
            else coalesce(
                list_max(list_transform(
                    list_filter(blocks.marks, lambda mark: mark.rows_before <= arrived.rowid),
                    lambda mark: mark.shift
                )),
                blocks.shift
            )
        end as _source_line
        {% else %}
        arrived.rowid + 1 as _source_line
        {% endif %}
    from arrived
    {% if has_rejected %}
    inner join blocks on blocks.block = arrived.rowid // 2048
    {% endif %}
    where
        not arrived._is_refused
        {% if has_set_aside %}
        and arrived.rowid not in (select row_number from set_aside)
        {% endif %}
) to {{ target | text }} (format parquet, compression zstd, compression_level 1, row_group_size 122880)
