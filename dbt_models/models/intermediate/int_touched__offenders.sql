-- one row per person whose timelines hold something else than when last built, and from which day on
{%- set dyads = as_it_stands('core', 'dim_dyads') if execute %}
with

parts as (

    select * from {{ ref('int_touched__parts') }}

),

told_anew as (

    select
        offender_person_id as person_id,
        told_from_date
    from parts
    {%- if dyads %}
        union all
        -- a dyad tells, from its first event on, whether there is one in the other direction
        select
            victim_person_id as person_id,
            cast({{ beginning() }} as date) as told_from_date
        from parts
        where
            {{ builds_on_what_stands() }}
            and victim_person_id || '>' || offender_person_id in (select dyads.dyad_id from {{ dyads }} as dyads)
    {%- endif %}

)

select
    person_id,
    min(told_from_date) as told_from_date
from told_anew
where person_id is not null
group by person_id
