-- one row per delivery judged: what a delivery of custody records shows as a whole
with

custody as (

    select *
    from raw.custody
    where _delivery_id in ({{ deliveries }})

)

select
    _delivery_id as delivery_id,
    avg((crime_ref is null)::int) as share_without_crime,
    avg((disposal is not null and released_at is null)::int) as share_disposed_without_release,
    avg((ethnicity is null)::int) as share_without_ethnicity,
    avg((date_of_birth is null)::int) as share_without_birth_date,
    avg((month(date_of_birth) = 1 and day(date_of_birth) = 1)::int) as share_born_on_1_january,
    avg(mental_health_flag::int) as share_mental_health,
    avg((interviewed_at is not null)::int) as share_interviewed,
    quantile_disc(date_diff('minute', arrested_at, created_at), 0.9) / 60 as hours_to_record_for_nine_in_ten,
    count(*) / count(distinct custody_ref) as versions_a_detention
from custody
group by _delivery_id
