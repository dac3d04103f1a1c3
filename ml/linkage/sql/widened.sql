-- the changed nominals, and whoever shares a number of a source with one of them
insert into link_changed
select distinct held.nominal_id
from link_new_values as fresh
inner join identity.link_values as held
    on fresh.field = 'shared_id' and held.field = 'shared_id' and fresh.pii_value = held.pii_value
where held.nominal_id not in (select nominal_id from link_changed)
