select
    source,
    count(*) filter (where status = 'loaded') as deliveries,
    sum(rows_received)::bigint as received,
    sum(rows_loaded)::bigint as loaded,
    sum(rows_quarantined)::bigint as quarantined,
    sum(rows_repeated)::bigint as repeats
from meta.deliveries
group by source
order by source
