{% import 'rules.sql' as rules %}
-- every record of one file in the types of the contract
create or replace temp table arrived as
with

cells as (

    select
        {% for name in header %}
        {{ name | name }} as _{{ loop.index0 }}{{ ',' if not loop.last }}
        {% endfor %}
    from read_parquet({{ path | text }}, hive_partitioning = false, union_by_name = false)

),

typed as (

    select
        *,
        {% for column in contract.columns %}
        {{ rules.value(column, raws[column.name], contract.file) }} as {{ column.name | name }}{{ ',' if not loop.last }}
        {% endfor %}
    from cells

)

select
    {% for column in contract.columns %}
    {{ column.name | name }},
    {% endfor %}
    false
    {{ rules.faults(contract, raws, 'any', received_at, control) }}
    as _is_refused,
    null::varchar[] as _cells{{ ',' if extras }}
    {% if extras %}
    [{% for name in extras %}_{{ header.index(name) }}::varchar{{ ', ' if not loop.last }}{% endfor %}] as _extra
    {% endif %}
from typed
