-- non-domestic stalking crimes that no DASH form (or DARA, which follows it) names
with

forms as (
    select distinct crime_ref
    from risk_forms
    where form_kind in ('DASH', 'DARA')
)

select
    'forms.no_dash.non_domestic' as figure_id,
    count(*) filter (where forms.crime_ref is null) as numerator,
    count(*) as cases
from stalking
inner join periods on stalking.recorded_at >= periods.first_day and stalking.recorded_at < periods.day_after
left join forms on stalking.crime_ref = forms.crime_ref
where
    periods.period = 'year_to_2021_09'
    and stalking.domestic = 'non_domestic';
