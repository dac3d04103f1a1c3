-- whether the last build ended, was made by the same rules, and everything it was built from still stands
select count(*) > 0 as can_go_on
from meta.builds
where
    builds.is_whole
    and builds.fingerprint = ?
    and not exists (
        select 1
        from meta.built_deliveries
        where (built_deliveries.delivery_id, built_deliveries.content_sha256) not in (
            select (deliveries.delivery_id, deliveries.content_sha256)
            from meta.deliveries
            where deliveries.status = 'loaded'
        )
    )
