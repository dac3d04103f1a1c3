-- the key of every good row as a hash, and the hashes that stand more than once or were seen in an earlier file
create or replace temp table keys as
select
    rowid as row_number,
    hash({{ key | map('name') | join(', ') }}) as key_hash
from arrived
where not _is_refused;

create or replace temp table suspects as
select key_hash from keys group by key_hash having count(*) > 1
{% if earlier %}
union
select key_hash from seen where key_hash in (select key_hash from keys)
{% endif %}
;

select
    (select count(*) from suspects) as hashes,
    {% if earlier %}
    (select list(distinct file) from seen where key_hash in (select key_hash from suspects)) as files
    {% else %}
    null as files
    {% endif %}
