-- one row per row delivered: blank cells as null, prose as its length, and what rows are divided by
create or replace temp table explored as
with

delivered as (

    select
        source.*,
        coalesce(source.{{ recorded | name }}, source._received_at)::timestamp as _recorded_at
    from raw.{{ source | name }} as source

)

select
    {% for column in columns -%}
    {% if column.identifies == 'prose' -%}
    nullif(length(trim(delivered.{{ column.name | name }})), 0) as {{ column.name | name }},
    {% elif column.data_type == 'varchar' -%}
    nullif(trim(delivered.{{ column.name | name }}), '') as {{ column.name | name }},
    {% else -%}
    delivered.{{ column.name | name }},
    {% endif -%}
    {% endfor -%}
    delivered._recorded_at,
    hash({{ thing | map('name_of', 'delivered') | join(', ') }}) as _thing,
    coalesce(
        {% for column in case_columns -%}
        case when {{ column | name_of('delivered') }} is not null then hash({{ column | name_of('delivered') }}) end,
        {% endfor -%}
        hash({{ thing | map('name_of', 'delivered') | join(', ') }})
    ) as _case,
    hash({{ content | map('name_of', 'delivered') | join(', ') or '0' }}) as _content,
    hash(delivered._source_file, delivered._source_line) as _pick,
    hash(delivered._delivery_id) as by_delivery,
    year(delivered._recorded_at)::varchar as by_year
    {%- for dimension in dimensions %},
    {% if dimension.own_column -%}
    {% set value -%} delivered.{{ dimension.own_column | name }} {%- endset -%}
    {% else -%}
    {% set value -%} crime.{{ 'date_of_birth' if dimension.name == 'age_band' else dimension.name }} {%- endset -%}
    case when crime.crime_ref is not null then {% endif -%}
    {% if dimension.name == 'age_band' -%}
    {% set years -%} datesub('year', {{ value }}, delivered._recorded_at::date) {%- endset -%}
    case
        when {{ value }} is null then 'not recorded'
        when {{ years }} < 0 or {{ years }} > 110 then 'impossible'
        when {{ years }} < 18 then 'under 18'
        when {{ years }} < 25 then '18 to 24'
        when {{ years }} < 35 then '25 to 34'
        when {{ years }} < 45 then '35 to 44'
        when {{ years }} < 55 then '45 to 54'
        when {{ years }} < 65 then '55 to 64'
        else '65 and over'
    end
    {%- elif dimension.name == 'domestic' -%}
    case {{ value }} when true then 'domestic' when false then 'not domestic' else 'not recorded' end
    {%- else -%}
    coalesce(nullif(trim({{ value }}::varchar), ''), 'not recorded')
    {%- endif %}{% if not dimension.own_column %} end{% endif %} as by_{{ dimension.name }}
    {%- endfor %}
from delivered
{% if crime_column -%}
left join explored_crimes as crime on delivered.{{ crime_column | name }} = crime.crime_ref
{% endif -%}
