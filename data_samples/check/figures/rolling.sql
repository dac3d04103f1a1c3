-- rolling twelve months of stalking, and of the whole stalking and harassment class: one row per figure
with

conduct as (
    select
        crime_ref,
        recorded_at,
        class_code in ('STK2A', 'STK4A', 'SPOBR') as is_stalking
    from crimes
    where class_code in ('STK2A', 'STK4A', 'SPOBR', 'HAR', 'HARFV', 'MALCOM', 'CCB')
)

select
    figures.figure_id,
    count(conduct.crime_ref) as numerator,
    count(conduct.crime_ref) as cases
from figures
inner join periods on figures.parts[-1] = periods.period
left join conduct
    on
        periods.first_day <= conduct.recorded_at
        and periods.day_after > conduct.recorded_at
        and (conduct.is_stalking or figures.parts[2] = 'class')
where figures.query = 'rolling'
group by figures.figure_id;
