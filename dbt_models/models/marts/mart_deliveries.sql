-- one row per delivery that was received before the cut-off
with

deliveries as (

    select * from {{ source('meta', 'deliveries') }}

),

delivery_files as (

    select * from {{ source('meta', 'delivery_files') }}

),

file_counts as (

    select
        delivery_id,
        count(*) as files,
        cast(sum(bytes) as bigint) as bytes
    from delivery_files
    group by delivery_id

)

select
    deliveries.delivery_id,
    deliveries.source,
    deliveries.kind as delivery_kind,
    deliveries.received_at,
    deliveries.covers_from as covers_from_at,
    deliveries.covers_to as covers_to_at,
    {{ days_between('deliveries.covers_to', 'deliveries.received_at') }} as delay_days,
    deliveries.status,
    nullif(deliveries.reason, '') as reason,
    {{ joined('deliveries.warnings') }} as warnings,
    coalesce(file_counts.files, 0) as files,
    coalesce(file_counts.bytes, 0) as bytes,
    deliveries.rows_received,
    deliveries.rows_loaded,
    deliveries.rows_quarantined,
    deliveries.rows_repeated,
    deliveries.rows_quarantined / nullif(deliveries.rows_received, 0) as quarantined_share,
    deliveries.content_sha256
from deliveries
left join file_counts on deliveries.delivery_id = file_counts.delivery_id
where deliveries.received_at < {{ cut_off() }}
