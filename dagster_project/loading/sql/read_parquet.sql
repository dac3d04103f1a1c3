{% import 'rules.sql' as rules %}
-- every record of one file in the types of the contract; what it was before is still in the file
create or replace temp table arrived as
with

cells as (

    select
        {% for name in header %}
        {{ name | name }} as _{{ loop.index0 }}{{ ',' if not loop.last }}
        {% endfor %}
    from read_parquet({{ path | one_file }}, hive_partitioning = false)

),

typed as (

    select
        *,
        {% for column in contract.columns %}
        {{ rules.value(column, raws[column.name], contract.file) }} as {{ column.name | name }}{{ ',' if not loop.last }}
        {% endfor %}
    from cells

),

judged as (

    select
        *,
        coalesce(
            false
            {{ rules.faults(contract, raws, 'any', received_at, control) }},
            false
        ) as _is_refused
    from typed

)

select
    {% for column in contract.columns %}
    {{ column.name | name }},
    {% endfor %}
    _is_refused,
    hash({{ key | map('name') | join(', ') }}) as _key_hash{{ ',' if extras }}
    {% if extras %}
    [{% for name in extras %}_{{ header.index(name) }}::varchar{{ ', ' if not loop.last }}{% endfor %}] as _extra
    {% endif %}
from judged
