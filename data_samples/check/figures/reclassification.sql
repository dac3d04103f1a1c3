-- what stalking was called at first
with

first_called as (
    select
        first_class_code in ('STK2A', 'STK4A', 'SPOBR') as is_stalking,
        first_class_code = 'HAR' as is_harassment,
        first_class_code = 'DINC' as is_domestic_incident
    from coded
)

select
    'reclassified.share' as figure_id,
    count(*) filter (where not is_stalking) as numerator,
    count(*) as cases
from first_called

union all

select
    'reclassified.from_harassment' as figure_id,
    count(*) filter (where is_harassment) as numerator,
    count(*) as cases
from first_called
where not is_stalking

union all

select
    'reclassified.from_domestic_incident' as figure_id,
    count(*) filter (where is_domestic_incident) as numerator,
    count(*) as cases
from first_called
where not is_stalking;
