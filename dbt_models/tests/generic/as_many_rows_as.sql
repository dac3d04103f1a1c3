{#- The parts add up to the whole: a mart has one row for each row of another. -#}
{% test as_many_rows_as(model, other) %}
with

counted as (

    select
        (select count(*) from {{ model }}) as here,
        (select count(*) from {{ other }}) as there

)

select here, there
from counted
where here <> there
{% endtest %}
