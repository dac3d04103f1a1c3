insert into seen
select
    _key_hash,
    {{ file }} as file,
    rowid
from arrived
where
    not _is_refused
    {% if has_set_aside %}
    and rowid not in (select row_number from set_aside)
    {% endif %}
