{% import 'rules.sql' as rules %}
-- rows that broke a rule: the columns at fault, why in words, and the row as it was delivered
insert into quarantine
with

refused as (

    select * from arrived where _is_refused

),

judged as (

    select
        _line,
        _raw_text,
        list_filter([
            {{ rules.faults(contract, raws, 'list', received_at, control) }}
            null
        ], lambda fault: fault is not null) as faults
    from refused

),

told as (

    select
        _line,
        _raw_text,
        list_transform(faults, lambda fault: fault.column) as columns,
        list_transform(faults, lambda fault: fault.column || ' ' || fault.words) as words
    from judged

)

select
    {{ source | text }},
    {{ delivery_id | text }},
    {{ received_at | text }}::timestamp,
    {{ source_file | text }},
    _line,
    list_filter(columns, lambda name, place: list_position(columns, name) = place),
    array_to_string(words, '; '),
    _raw_text
from told
order by _line
