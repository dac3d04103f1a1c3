{% import 'raw_text.sql' as raw_text %}
-- rows that contradict the row which used their key first, and beside them the exact repeats
insert into quarantine
with

contradictions as (

    select * from set_aside where not is_repeat

),

texts as (

    select
        rowid as row_number,
        {{ raw_text.of_row(contract, header, extras) }} as raw_text
    from arrived
    where rowid in (select row_number from contradictions)

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
    texts.raw_text
from contradictions
inner join texts on texts.row_number = contradictions.row_number
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
