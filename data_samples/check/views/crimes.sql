-- every version of every crime, exact repeats once, rows too broken to hold a key or a time left out
create table crime_versions as
select distinct
    crime_ref,
    try_strptime(created_at, '%Y-%m-%d %H:%M:%S') as recorded_at,
    try_strptime(updated_at, '%Y-%m-%d %H:%M:%S') as updated_at,
    first_class_code,
    class_code,
    district,
    report_channel,
    reported_by,
    outcome_code,
    coalesce(domestic_flag = 'Y', false) as is_domestic,
    coalesce(cyber_flag = 'Y', false) as is_cyber
from arrived
where
    crime_ref is not null
    and try_strptime(created_at, '%Y-%m-%d %H:%M:%S') is not null
    and try_strptime(updated_at, '%Y-%m-%d %H:%M:%S') is not null;

-- one row per crime: its latest version
create table crimes as
from crime_versions
qualify row_number() over (partition by crime_ref order by updated_at desc, outcome_code desc nulls last) = 1;
