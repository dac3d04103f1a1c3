select
    source,
    reason,
    count(*) as rows
from meta.quarantine
group by source, reason
order by rows desc, source, reason
