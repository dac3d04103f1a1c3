{#-
    The spans of knowledge of equal rows that touch or overlap, as one row each.

    Each row opens at one moment and closes at another; where one closes as the next opens nothing happens, and what is
    left are the moments at which the number of open rows leaves zero or comes back to it. Linear but for one sort.
-#}
{% macro unbroken(relation, columns) -%}
    with

    turns as (

        select {{ listed(columns, 'spans') }}, spans.known_from_at as turned_at, 1 as opened
        from {{ relation }} as spans
        union all
        select {{ listed(columns, 'spans') }}, spans.known_until_at as turned_at, -1 as opened
        from {{ relation }} as spans
        where spans.known_until_at is not null

    ),

    net_turns as (

        select {{ listed(columns, 'turns') }}, turns.turned_at, sum(turns.opened) as opened
        from turns
        group by {{ listed(columns, 'turns') }}, turns.turned_at
        having sum(turns.opened) <> 0

    ),

    counted as (

        select
            net_turns.*,
            sum(net_turns.opened) over (
                partition by {{ listed(columns, 'net_turns') }}
                order by net_turns.turned_at
            ) as are_open
        from net_turns

    ),

    edges as (

        select
            {{ listed(columns, 'counted') }},
            counted.are_open,
            counted.turned_at as known_from_at,
            lead(counted.turned_at) over (
                partition by {{ listed(columns, 'counted') }}
                order by counted.turned_at
            ) as known_until_at
        from counted
        where counted.are_open = 0 or counted.are_open = counted.opened

    )

    select {{ listed(columns, 'edges') }}, edges.known_from_at, edges.known_until_at
    from edges
    where edges.are_open > 0
{%- endmacro %}
