-- one row per group of each dimension, and one for all: its rows, and how many of them have each column filled
with

grouped as (

    select
        {% for dimension in dimensions -%}
        by_{{ dimension }},
        grouping(by_{{ dimension }}) as over_{{ dimension }},
        {% endfor -%}
        count(*) as row_count,
        [
            {% for column in columns -%}
            count({{ column | name }}){{ ',' if not loop.last }}
            {% endfor -%}
        ] as filled
    from explored
    group by grouping sets (
        (){% for dimension in dimensions %}, (by_{{ dimension }}){% endfor %}
    )

)

select
    case
        {% for dimension in dimensions -%}
        when over_{{ dimension }} = 0 then {{ dimension | text }}
        {% endfor -%}
        else 'all'
    end as dimension,
    coalesce({% for dimension in dimensions %}by_{{ dimension }}::varchar, {% endfor %}null) as group_value,
    row_count,
    filled
from grouped
order by dimension, group_value
