-- records of earlier files of the delivery whose key stands in this one too, by its hash
create or replace temp table before as
{% if has_earlier %}
select * from seen where key_hash in (select key_hash from looked where key_hash is not null);
{% else %}
select * from seen limit 0;
{% endif %}

-- such keys, and those that stand in this file more than once
create or replace temp table suspects as
select key_hash
from looked
where key_hash is not null
group by key_hash
having count(*) > 1
union
select key_hash from before;

{% if has_later %}
insert into seen
select
    key_hash,
    {{ number }} as file,
    rowid as row_number
from looked
where key_hash is not null;
{% endif %}

-- records that must be looked at before any is written: of such a key or of none, or with a control character
create or replace temp table wanted as
with

of_such_key as (

    select rowid as row_number
    from looked
    where key_hash is null or key_hash in (select key_hash from suspects)

),

this_file as (

    select * from shifts where file = {{ number }}

),

with_control as (

    select unnest({{ control_records }}::bigint[]) as line

)

select of_such_key.row_number + 1 + coalesce(this_file.shift, 0) as line
from of_such_key
asof left join this_file on of_such_key.row_number >= this_file.rows_before
union
select line from with_control
where line not in (select line from rejected)
order by line;

drop table looked;

select list(distinct file order by file) as files from before
