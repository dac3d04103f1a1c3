-- lines that were found not to be records of the contract's form, column by column
insert into rejected (line, columns, reason, raw_text)
select
    unnest(?::bigint[]) as line,
    unnest(?::varchar[][]) as columns,
    unnest(?::varchar[]) as reason,
    unnest(?::varchar[]) as raw_text
