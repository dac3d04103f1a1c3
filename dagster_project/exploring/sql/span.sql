-- one row: how much of a source there is, and from when to when it was recorded
select
    count(*) as row_count,
    strftime(min(_recorded_at), '%Y-%m-%d') as first_recorded,
    strftime(max(_recorded_at), '%Y-%m-%d') as last_recorded
from explored
