-- the outcome matrix as it was known when the report was written: each cell a share of its district's cases
with

then_known as (
    select
        versions.crime_ref,
        versions.outcome_code
    from crime_versions as versions
    cross join periods
    where
        periods.period = 'outcomes_year_to_2021_09'
        and versions.updated_at < periods.known_by
    qualify row_number() over (
        partition by versions.crime_ref
        order by versions.updated_at desc, versions.outcome_code desc nulls last
    ) = 1
),

decided as (
    select
        stalking.crime_ref,
        stalking.domestic,
        stalking.district,
        coalesce(nullif(then_known.outcome_code, ''), 'none') as code
    from stalking
    inner join
        periods
        on stalking.recorded_at >= periods.first_day and stalking.recorded_at < periods.day_after
    left join then_known on stalking.crime_ref = then_known.crime_ref
    where periods.period = 'outcomes_year_to_2021_09'
),

grouped as (
    select
        *,
        case
            when code in ('1', '1A', '2', '2A', '3', '3A', '4', '6', '7', '8') then 'positive'
            when code in ('14', '18') then 'no_suspect'
            when code in ('5', '10', '12', '13', '17', '20', '21', '22') then 'other'
        end as code_group
    from decided
)

select
    figures.figure_id,
    count(grouped.crime_ref) filter (
        where figures.parts[3] in (grouped.code, grouped.code_group)
        or (figures.parts[3] = 'neither_15_nor_16' and grouped.code_group is not null)
    ) as numerator,
    count(grouped.crime_ref) as cases
from figures
left join grouped
    on
        figures.parts[2] in ('all', grouped.domestic)
        and coalesce(figures.parts[4], 'force') in ('force', grouped.district)
where figures.query = 'outcomes'
group by figures.figure_id;
