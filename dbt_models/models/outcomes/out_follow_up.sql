-- one row per source and delivery, with how far the source had told of the world once it had come
with

deliveries as (

    select
        *,
        case when kind = 'history' then covers_from else received_at end as known_from_at
    from {{ source('meta', 'deliveries') }}
    where status = 'loaded'

),

followed as (

    select
        source,
        delivery_id,
        max(covers_to) over (
            partition by source order by received_at, delivery_id
            rows between unbounded preceding and current row
        ) as followed_until_at,
        known_from_at,
        lead(known_from_at) over (
            partition by source order by received_at, delivery_id
        ) as known_until_at
    from deliveries

)

select
    source,
    delivery_id,
    followed_until_at,
    known_from_at,
    known_until_at
from followed
where {{ are_known_together(['followed']) }}
