insert into quarantine
select
    {{ source | text }},
    {{ delivery_id | text }},
    {{ received_at | text }}::timestamp,
    {{ source_file | text }},
    line,
    columns,
    reason,
    raw_text
from rejected
order by line
