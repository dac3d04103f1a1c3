-- one row per party to a crime: its latest version
create table crime_parties as
select
    party_ref,
    crime_ref,
    role,
    relationship,
    ethnicity,
    sex
from arrived
where
    party_ref is not null
    and try_strptime(updated_at, '%d/%m/%Y %H:%M:%S') is not null
qualify row_number() over (
    partition by party_ref order by try_strptime(updated_at, '%d/%m/%Y %H:%M:%S') desc, nominal_ref asc
) = 1;
