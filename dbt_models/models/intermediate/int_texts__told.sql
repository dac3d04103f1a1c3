-- one row per text that says something of the two whom it concerns, with what it says happened
with

text_codes as (

    select * from {{ source('coded', 'text_codes') }}
    where polarity = 'affirmed'

),

codes as (

    select * from {{ source('coded', 'codes') }}

),

-- a code that a text shows in several places is said once, by the first
said as (

    select
        text_codes.text_id,
        text_codes.code,
        codes.code_group,
        codes.is_behaviour,
        codes.is_pursuit,
        case text_codes.code
            when 'escalation_officer' then 'officer'
            when 'escalation_victim' then 'victim'
        end as escalation_told_by,
        min(text_codes.span_start) as span_start
    from text_codes
    inner join codes on text_codes.code = codes.code
    group by text_codes.text_id, text_codes.code, codes.code_group, codes.is_behaviour, codes.is_pursuit

)

select
    text_id,
    {{ joined_in_order('code') }} as told_codes,
    substr(
        min(
            case when code_group = 'relationships' then lpad(cast(span_start as varchar), 9, '0') || code end
        ),
        {{ 9 + 'rel_' | length + 1 }}
    ) as told_relationship,
    max(case when code in ('online_contact', 'tracker', 'rel_online') then 1 else 0 end) = 1
        as is_told_online,
    {{ joined_in_order('escalation_told_by') }} as told_escalation_by,
    max(case when is_behaviour then 1 else 0 end) = 1 as tells_behaviour,
    max(case when is_pursuit then 1 else 0 end) = 1 as tells_pursuit
from said
group by text_id
