-- the bytes showed control characters in these records: rows that have one in free text are refused
update arrived set _is_refused = true
where
    rowid in (
        select record - 1 - (select count(*) from rejected where rejected.line < records.record)
        from (select unnest({{ records }}::bigint[]) as record) as records
    )
    and (
        false
        {% for column in contract.columns if column.data_type == 'varchar' and not column.codes %}
        or coalesce(regexp_matches({{ column.name | name }}, {{ control | text }}), false)
        {% endfor %}
    )
