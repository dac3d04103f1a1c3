-- one row per delivery judged: what a delivery of order steps shows as a whole
with

steps as (

    select *
    from raw.orders
    where _delivery_id in ({{ deliveries }})

)

select
    _delivery_id as delivery_id,
    avg((step = 'breached')::int) as share_breached,
    avg((step = 'considered')::int) as share_considered,
    avg((managing_officer is null)::int) filter (where step in ('interim', 'full', 'served', 'varied'))
        as share_in_force_without_officer,
    count(*) filter (where step in ('interim', 'full', 'served', 'varied'))
        as share_in_force_without_officer__rows,
    avg((expires_on is null)::int) filter (where step = 'full') as share_full_without_end,
    count(*) filter (where step = 'full') as share_full_without_end__rows,
    quantile_disc(date_diff('day', step_at, created_at), 0.9) as days_to_record_for_nine_in_ten,
    avg((respondent_date_of_birth is null)::int) as share_without_birth_date,
    count(distinct order_kind) as kinds_seen
from steps
group by _delivery_id
