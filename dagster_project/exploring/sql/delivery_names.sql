-- one row per delivery that rows came in: what stands for it in the narrow table, which its name would swell
select distinct
    hash(_delivery_id)::varchar as stands_for,
    _delivery_id as delivery_id
from raw.{{ source | name }}
