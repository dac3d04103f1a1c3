-- one row per dated note on an investigation, and version of it
with

versions as (

    {{ versions_of('case_notes', key=['note_ref'], recorded_at='created_at') }}

)

select
    -- ids
    note_ref as note_id,
    crime_ref as crime_id,

    -- the note
    note_kind,
    officer_number,
    note_text,

    -- times
    noted_at as occurred_at,
    created_at as recorded_at,
    known_from_at,
    known_until_at,

    -- where it came from
    _received_at,
    _delivery_id,
    _source_file,
    _source_line
from versions
