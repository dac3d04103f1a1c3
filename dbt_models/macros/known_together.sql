{#-
    When rows of several relations are known together: from the later, until the earlier.

    A row that a left join did not find limits nothing. Together with `are_known_together`, which leaves out what was
    never known at one moment, it is the only way in which two versioned rows are joined. In a left join it is asked
    after the join and not in it (DuckDB then compares every row with every other), so that the joined relation has to
    cover all time.
-#}
{% macro known_together(aliases) -%}
    {{ latest_start(aliases) }} as known_from_at,
    {{ earliest_end(aliases) }} as known_until_at
{%- endmacro %}

{#- There is a moment at which all these rows are known; of one row, that it was ever known. -#}
{% macro are_known_together(aliases) -%}
    coalesce({{ latest_start(aliases) }} < {{ earliest_end(aliases) }}, true)
{%- endmacro %}

{% macro latest_start(aliases) -%}
    {%- if aliases | length == 1 -%}
        {{ aliases[0] }}.known_from_at
    {%- else -%}
        greatest({% for alias in aliases %}{{ alias }}.known_from_at{{ ", " if not loop.last }}{% endfor %})
    {%- endif -%}
{%- endmacro %}

{% macro earliest_end(aliases) -%}
    {%- if aliases | length == 1 -%}
        {{ aliases[0] }}.known_until_at
    {%- else -%}
        least({% for alias in aliases %}{{ alias }}.known_until_at{{ ", " if not loop.last }}{% endfor %})
    {%- endif -%}
{%- endmacro %}
