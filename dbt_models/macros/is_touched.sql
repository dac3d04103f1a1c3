{#-
    The row belongs to something that a new delivery, a new link between nominals, or a new cut-off may have changed.

    A build that rebuilds everything reads every row. Any other takes the touched things out of the table and puts them
    in anew, whole: each of these models names the table of touched ids in `meta.touched`, and the column that holds the
    id in `unique_key`. A timeline stands up to the first day of which something else is told, and only the rest of it is
    taken out and put in: its models name what says when a row happened in `meta.happened`, and join `told_anew`.
-#}
{% macro is_touched(column, touched) -%}
    {%- if not execute or (this and is_incremental()) -%}
        {{ column }} in (select touched.{{ touched_id(touched) }} from {{ ref(touched) }} as touched)
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}

{#- Joined to rows that say whose they are and when they happened: what happened at no known time comes last of all. -#}
{% macro told_anew(alias, column, touched, happened) -%}
    {%- if not execute or (this and is_incremental()) -%}
        inner join {{ ref(touched) }} as touched
            on {{ alias }}.{{ column }} = touched.{{ touched_id(touched) }}
            and ({{ alias }}.{{ happened }} is null or {{ alias }}.{{ happened }} >= touched.told_from_date)
    {%- endif -%}
{%- endmacro %}

{#- The column of a table of touched ids that holds the id. -#}
{% macro touched_id(touched) -%}
    {{ {
        'int_touched__nominals': 'nominal_id',
        'int_touched__crimes': 'crime_id',
        'int_touched__records': 'source_id',
        'int_touched__offenders': 'person_id',
        'int_touched__persons': 'person_id',
    }[touched] }}
{%- endmacro %}

{#- Whether tables of touched ids have anything to say: a build of everything does not ask them. -#}
{% macro builds_on_what_stands() -%}
    {{ 'false' if flags.FULL_REFRESH else 'true' }}
{%- endmacro %}

{#- dbt's own hook for a strategy: what was touched goes, and comes back as it is now, or not at all. -#}
{% macro get_incremental_touched_sql(arg_dict) -%}
    {%- set touched = config.get('meta')['touched'] -%}
    {%- set happened = config.get('meta').get('happened') -%}
    {%- set columns = arg_dict['dest_columns'] | map(attribute='quoted') | join(', ') -%}
    {%- if happened %}
    merge into {{ arg_dict['target_relation'] }} as built
    using {{ ref(touched) }} as touched
        on built.{{ arg_dict['unique_key'] }} = touched.{{ touched_id(touched) }}
        and (built.{{ happened }} is null or built.{{ happened }} >= touched.told_from_date)
    when matched then delete;
    {%- else %}
    delete from {{ arg_dict['target_relation'] }}
    where {{ arg_dict['unique_key'] }} in (select touched.{{ touched_id(touched) }} from {{ ref(touched) }} as touched);
    {%- endif %}

    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }} from {{ arg_dict['temp_relation'] }}
{%- endmacro %}
