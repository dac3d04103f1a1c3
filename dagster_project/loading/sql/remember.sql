insert into seen
select
    keys.key_hash,
    {{ file }} as file,
    placed.line
from keys
inner join placed on placed.rowid = keys.row_number
where keys.row_number not in (select row_number from set_aside)
