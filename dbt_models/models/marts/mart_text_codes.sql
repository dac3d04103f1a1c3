-- one row per record and code that a place in its prose shows, as known at the cut-off
with

texts as (

    select * from {{ ref('cod_texts') }}

),

text_codes as (

    select * from {{ source('coded', 'text_codes') }}

),

codes as (

    select * from {{ source('coded', 'codes') }}

),

known as (

    select
        source,
        source_id,
        text_id,
        known_from_at
    from texts
    where {{ known_before(cut_off(), 'texts') }}

)

select
    known.source,
    known.source_id,
    text_codes.code,
    codes.title as code_title,
    codes.code_group,
    text_codes.polarity,
    text_codes.actor,
    text_codes.rule,
    text_codes.span_start,
    text_codes.span_end,
    text_codes.list_version,
    known.known_from_at
from known
inner join text_codes on known.text_id = text_codes.text_id
inner join codes on text_codes.code = codes.code
