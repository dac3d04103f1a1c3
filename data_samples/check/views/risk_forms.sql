-- one row per risk form: its latest version
create table risk_forms as
select
    form_ref,
    crime_ref,
    form_kind
from arrived
where
    form_ref is not null
    and try_strptime(updated_at, '%Y-%m-%d %H:%M:%S') is not null
qualify row_number() over (
    partition by form_ref order by try_strptime(updated_at, '%Y-%m-%d %H:%M:%S') desc, crime_ref asc
) = 1;
