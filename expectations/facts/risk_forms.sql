-- one row per delivery judged: what a delivery of risk forms shows as a whole
with

forms as (

    select *
    from raw.risk_forms
    where _delivery_id in ({{ deliveries }})

)

select
    _delivery_id as delivery_id,
    avg((grade is null)::int) filter (where form_kind <> 'VPS') as share_without_grade,
    count(*) filter (where form_kind <> 'VPS') as share_without_grade__rows,
    avg((grade = 'high')::int) as share_high,
    avg((coalesce(trim(form_text), '') = '')::int) as share_without_text,
    avg((suspect_nominal_ref is null)::int) as share_without_suspect,
    avg((q_frightened is null)::int) as share_not_asked_frightened,
    avg((q_strangled is null)::int) as share_not_asked_strangled,
    avg((q_strangled = 'Y')::int) as share_strangled,
    count(distinct form_kind) as kinds_seen,
    quantile_disc(date_diff('hour', completed_at, created_at), 0.9) / 24 as days_to_record_for_nine_in_ten
from forms
group by _delivery_id
