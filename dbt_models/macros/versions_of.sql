{#-
    Every row of a source once, with when it became known and when a newer version superseded it.

    The thing a row tells of is its key without the column that dates it. The same content of one key under two
    receipts counts from the earlier, and the later copy goes; every other row is a version and stays. Most things
    are told of once, so only the rest is put in order, in narrow columns, and prose is read and compared only where
    a whole key came twice.
-#}
{% macro versions_of(source_name, key, recorded_at) -%}
{%- set relation = source('raw', source_name) -%}
{%- set thing = key | reject('equalto', recorded_at) | list -%}
with

told_again as {{ inlined() }} (

    select {{ listed(thing, 'delivered') }}
    from {{ relation }} as delivered
    group by {{ listed(thing, 'delivered') }}
    having count(*) > 1

),

candidates as {{ inlined() }} (

    select
        {{ listed(key, 'delivered') }},
        delivered._received_at,
        delivered._delivery_id,
        delivered._source_file,
        delivered._source_line,
        {{ known_from(recorded_at, 'delivered') }} as known_from_at
    from {{ relation }} as delivered
    inner join told_again on {{ equal_on(thing, 'delivered', 'told_again') }}

),

keys_told_again as {{ inlined() }} (

    select {{ listed(key, 'candidates') }}
    from candidates
    group by {{ listed(key, 'candidates') }}
    having count(*) > 1

),

contents as {{ inlined() }} (

    select
        delivered._delivery_id,
        delivered._source_file,
        delivered._source_line,
        {{ content_hash('delivered') }} as content_hash
    from {{ relation }} as delivered
    inner join keys_told_again on {{ equal_on(key, 'delivered', 'keys_told_again') }}

),

told_before as {{ inlined() }} (

    select
        candidates._delivery_id,
        candidates._source_file,
        candidates._source_line,
        row_number() over (
            partition by {{ listed(key, 'candidates') }}, contents.content_hash
            order by {{ version_order('candidates') }}
        ) > 1 as is_copy
    from candidates
    inner join contents on {{ same_row('candidates', 'contents') }}

),

copies as {{ inlined() }} (

    select
        candidates.*,
        coalesce(told_before.is_copy, false) as is_copy
    from candidates
    left join told_before on {{ same_row('candidates', 'told_before') }}

),

superseded as {{ inlined() }} (

    select
        copies.*,
        lead(copies.known_from_at) over (
            partition by {{ listed(thing, 'copies') }}, copies.is_copy
            order by {{ version_order('copies') }}
        ) as known_until_at
    from copies

)

select
    delivered.*,
    {{ known_from(recorded_at, 'delivered') }} as known_from_at,
    superseded.known_until_at
from {{ relation }} as delivered
left join superseded on {{ same_row('delivered', 'superseded') }}
where not coalesce(superseded.is_copy, false)
{%- endmacro %}
