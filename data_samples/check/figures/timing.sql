-- how long after the report a victim withdrew or the police closed the case: one row per figure
with

decisions as (
    select
        crime_ref,
        'withdrawal' as kind,
        withdraw_days as days_after
    from coded
    where withdrew and withdraw_days is not null

    union all

    select
        crime_ref,
        'nfa' as kind,
        nfa_days as days_after
    from coded
    where police_nfa and nfa_days is not null
),

edges as (
    select
        unnest([
            'within_1_day',
            '2_to_7_days',
            'within_7_days',
            'second_week',
            '2_to_4_weeks',
            '1_to_3_months',
            'over_3_months'
        ]) as span,
        unnest([0, 1, 0, 7, 14, 28, 91]) as from_day,
        unnest([1, 7, 7, 14, 28, 91, 100000]) as before_day
)

select
    figures.figure_id,
    count(decisions.crime_ref) filter (
        where decisions.days_after >= edges.from_day and decisions.days_after < edges.before_day
    ) as numerator,
    count(decisions.crime_ref) as cases
from figures
inner join edges on figures.parts[3] = edges.span
left join decisions on figures.parts[1] = decisions.kind
where figures.query = 'timing'
group by figures.figure_id;
