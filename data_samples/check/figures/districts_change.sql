-- the later of two years beside both, by domestic flag and district: one row per figure
with

both_years as (
    select
        stalking.crime_ref,
        stalking.domestic,
        stalking.district,
        periods.period
    from stalking
    inner join
        periods
        on stalking.recorded_at >= periods.first_day and stalking.recorded_at < periods.day_after
    where periods.period in ('year_to_2020_09', 'year_to_2021_09')
)

select
    figures.figure_id,
    count(both_years.crime_ref) filter (where both_years.period = 'year_to_2021_09') as numerator,
    count(both_years.crime_ref) as cases
from figures
left join both_years
    on
        figures.parts[2] in ('all', both_years.domestic)
        and figures.parts[3] in ('force', both_years.district)
where figures.query = 'districts_change'
group by figures.figure_id;
