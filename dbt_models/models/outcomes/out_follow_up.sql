-- one row per source, delivery and span, with how far the source had told of the world by then
with

deliveries as (

    select * from {{ source('meta', 'deliveries') }}
    where status = 'loaded'

),

told as (

    select
        source,
        delivery_id,
        covers_to,
        received_at,
        received_at as known_from_at
    from deliveries
    union all
    -- while a history was written, it reached to the moment one asks about
    select
        source,
        delivery_id,
        null as covers_to,
        received_at,
        covers_from as known_from_at
    from deliveries
    where kind = 'history'

),

followed as (

    select
        source,
        delivery_id,
        max(covers_to) over (
            partition by source order by received_at, delivery_id, known_from_at
            rows between unbounded preceding and current row
        ) as followed_until_at,
        known_from_at,
        lead(known_from_at) over (
            partition by source order by received_at, delivery_id, known_from_at
        ) as known_until_at
    from told

)

select
    source,
    delivery_id,
    followed_until_at,
    known_from_at,
    known_until_at
from followed
where {{ are_known_together(['followed']) }}
