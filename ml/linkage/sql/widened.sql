-- the changed nominals, and whoever shares with one of them a number of a source or of a caller without a name
insert into link_changed
with

fresh as (

    select * from link_new_values

),

held as (

    select * from identity.link_values

),

met as (

    select held.nominal_id
    from fresh
    inner join held on fresh.field = 'shared_id' and held.field = 'shared_id' and fresh.pii_value = held.pii_value
    union
    select held.nominal_id
    from fresh
    inner join held on fresh.field = 'phone' and held.field = 'phone' and fresh.pii_value = held.pii_value
    where fresh.nominal_id not in (select nominal_id from fresh where field in ('surname', 'forename'))
)

select nominal_id
from met
where nominal_id not in (select nominal_id from link_changed)
