-- rows that contradict the row which used their key first, and beside them the exact repeats
insert into quarantine
with

contradictions as (

    select * from set_aside where not is_repeat

)

select
    {{ source | text }},
    {{ delivery_id | text }},
    {{ received_at | text }}::timestamp,
    {{ source_file | text }},
    contradictions.line,
    [{{ key | map('text') | join(', ') }}],
    'its key ({{ key | join(', ') | replace("'", "''") }}) was already used by record '
    || contradictions.first_line || ' of ' || contradictions.first_file,
    arrived._raw_text
from contradictions
inner join arrived on arrived._line = contradictions.line
order by contradictions.line;

insert into repeats
select
    {{ source | text }},
    {{ delivery_id | text }},
    {{ source_file | text }},
    line,
    first_file,
    first_line
from set_aside
where is_repeat
order by line;
