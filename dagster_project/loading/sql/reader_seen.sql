-- what the reader made of the file, to be held against what the bytes show
select
    (select count(*) from arrived) as rows_read,
    (select count(*) from rejected) as rows_rejected,
    (select count(*) from arrived where _ends_empty) as empty_last_cells,
    (select count(*) from rejected where ends_with(raw_text, {{ separator | text }})) as rejected_empty_last_cells,
    (select count(*) from rejected where ends_with(raw_text, {{ (separator ~ quote ~ quote) | text }})) as rejected_quoted_empty,
    (select coalesce(bool_and(is_ragged), true) from rejected) as is_ragged_at_most
