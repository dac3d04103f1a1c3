-- one row per delivery judged: what a delivery of case notes shows as a whole
with

notes as (

    select *
    from raw.case_notes
    where _delivery_id in ({{ deliveries }})

)

select
    _delivery_id as delivery_id,
    count(distinct note_kind) as kinds_seen,
    avg((coalesce(trim(note_text), '') = '')::int) as share_without_text,
    quantile_disc(length(note_text), 0.5) as median_letters,
    avg(regexp_matches(note_text, 'Ã.|â€|ï¿½|\x{FFFD}')::int) as share_with_lost_letters,
    1 - count(distinct note_text) / nullif(count(note_text), 0) as share_said_before,
    avg((note_kind = 'withdrawal')::int) as share_withdrawals,
    quantile_disc(date_diff('minute', noted_at, created_at), 0.9) / 60 as hours_to_record_for_nine_in_ten,
    count(distinct crime_ref) / count(*) as crimes_a_note
from notes
group by _delivery_id
