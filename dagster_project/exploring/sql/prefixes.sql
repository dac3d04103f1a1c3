-- one row per text column that identifies nobody: the one or two letters that all values looked at begin with
with

looked_at as (

    select *
    from explored
    {% if one_in > 1 %}where _pick % {{ one_in }} = 0{% endif %}

)

{% for column in columns -%}
select
    {{ column | text }} as column_name,
    case
        when min(left({{ column | name }}, 2)) = max(left({{ column | name }}, 2))
            then min(regexp_extract(left({{ column | name }}, 2), '^[A-Z]+'))
        when min(left({{ column | name }}, 1)) = max(left({{ column | name }}, 1))
            then min(regexp_extract(left({{ column | name }}, 1), '^[A-Z]+'))
    end as prefix
from looked_at
{{ 'union all' if not loop.last }}
{% endfor -%}
