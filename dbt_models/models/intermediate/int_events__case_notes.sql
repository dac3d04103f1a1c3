-- one row per note on an investigation, pair that its crime concerns, and version of what was known
with

notes as (

    select * from {{ ref('stg_case_notes__notes') }}
    where {{ is_touched('note_id', 'int_touched__records') }}

),

pairs as (

    select * from {{ as_needed(ref('int_crimes__pairs'), 'crime_id', 'notes') }}

),

recorded as (

    select
        -- ids
        {{ event_id('case_notes', 'notes.note_id', "'case_note'") }} as event_id,
        'case_note' as event_kind,
        'case_notes' as source,
        notes.note_id as source_id,
        notes.crime_id,

        -- what it is
        notes.note_kind as event_code,
        cast(null as varchar) as says_yes_to,
        cast(null as varchar) as offence_code,
        cast(null as varchar) as district,
        cast(null as varchar) as ward_id,
        cast(null as varchar) as location_kind,
        cast(null as boolean) as is_domestic,
        cast(null as boolean) as is_online,
        cast(null as boolean) as is_online_known_from_assumed,
        cast(null as varchar) as relationship,
        false as is_cancelled,
        false as is_counted_elsewhere,
        {{ text_id('notes.note_text') }} as text_id,

        -- whom it concerns
        pairs.offender_nominal_id,
        pairs.offender_role,
        pairs.victim_nominal_id,
        pairs.victim_role,
        cast(null as varchar) as other_nominal_id,
        cast(null as varchar) as other_role,

        -- when it happened, and when we knew
        notes.occurred_at,
        cast(null as timestamp) as occurred_until_at,
        {{ occurred_precision('notes.occurred_at') }} as occurred_precision,
        notes.recorded_at as first_recorded_at,
        notes.recorded_at,
        {{ known_together(['notes', 'pairs']) }},

        -- where it came from
        notes._delivery_id,
        notes._source_file,
        notes._source_line
    from notes
    left join pairs on notes.crime_id = pairs.crime_id
    where {{ are_known_together(['notes', 'pairs']) }}

)

{{ with_people('recorded') }}
