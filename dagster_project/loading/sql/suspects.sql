-- hashes of keys that stand more than once in this file, or stood in an earlier one of the delivery
create or replace temp table suspects as
select _key_hash as key_hash
from arrived
where not _is_refused
group by _key_hash
having count(*) > 1
{% if earlier %}
union
select seen.key_hash
from seen
where seen.key_hash in (select _key_hash from arrived where not _is_refused)
{% endif %}
;

select
    (select count(*) from suspects) as hashes,
    {% if earlier %}
    (select list(distinct file) from seen where key_hash in (select key_hash from suspects)) as files
    {% else %}
    null as files
    {% endif %}
