{#-
    The events of one source with the people behind their nominals, what their kind says of them, and one key for each row.

    Each source's events are resolved by themselves, in a table of their own, which bounds the memory that it takes.
-#}
{% macro with_people(relation) -%}
{%- set persons = ref('int_nominals__persons') %}
{%- set told = [
    'event_id', 'event_kind', 'source', 'source_id',
    'crime_id', 'event_code', 'says_yes_to', 'offence_code',
    'district', 'ward_id', 'location_kind', 'is_domestic',
    'is_online', 'is_online_known_from_assumed', 'relationship', 'is_cancelled',
    'is_counted_elsewhere', 'offender_nominal_id', 'offender_role', 'victim_nominal_id',
    'victim_role', 'other_nominal_id', 'other_role', 'occurred_at',
    'occurred_until_at', 'occurred_precision', 'first_recorded_at', 'recorded_at', 'text_id',
    '_delivery_id', '_source_file', '_source_line',
] %}
select
    -- ids
    {{ key_of([
        'resolved.event_id',
        'resolved.offender_person_id',
        'resolved.victim_person_id',
        'resolved.other_person_id',
        'resolved.known_from_at',
    ]) }} as event_key,
    resolved.event_id,
    resolved.event_kind,
    resolved.source,
    resolved.source_id,
    resolved.crime_id,

    -- who
    case
        when resolved.offender_person_id <> resolved.victim_person_id
            then resolved.offender_person_id || '>' || resolved.victim_person_id
    end as dyad_id,
    resolved.offender_person_id,
    resolved.offender_nominal_id,
    resolved.offender_role,
    resolved.victim_person_id,
    resolved.victim_nominal_id,
    resolved.victim_role,
    resolved.other_person_id,
    resolved.other_nominal_id,
    resolved.other_role,

    -- what
    resolved.event_code,
    resolved.says_yes_to,
    resolved.offence_code,
    offence_codes.offence_group,
    case
        when not event_kinds.is_harmful then null
        when resolved.is_cancelled then 0
        else offence_codes.harm_days
    end as harm_days,
    case
        when resolved.is_cancelled then null
        when event_kinds.behaviour = 'by offence' then offence_behaviours.behaviour
        else event_kinds.behaviour
    end as behaviour,
    (event_kinds.is_contact or (event_kinds.is_contact_if_told and coalesce(texts.tells_behaviour, false)))
    and not resolved.is_cancelled
    and not resolved.is_counted_elsewhere as is_contact,
    resolved.is_cancelled,
    resolved.is_counted_elsewhere,
    resolved.is_domestic,
    resolved.is_online,
    resolved.is_online_known_from_assumed,
    resolved.relationship,

    -- what its prose says
    texts.told_codes,
    texts.told_relationship,
    coalesce(
        nullif(resolved.is_online_known_then, false), nullif(texts.is_told_online, false), resolved.is_online_known_then
    ) as is_online_inferred,
    case when resolved.is_online_known_then then 'field' when texts.is_told_online then 'prose' end
        as is_online_inferred_from,
    texts.told_escalation_by,
    (coalesce(event_kinds.is_harmful and offence_codes.offence_group in ('stalking', 'harassment'), false)
    or coalesce(texts.tells_pursuit, false)) and not resolved.is_cancelled as is_sign_of_stalking,

    -- where
    resolved.district,
    resolved.ward_id,
    resolved.location_kind,

    -- when it happened, and when we knew
    resolved.occurred_at,
    resolved.occurred_until_at,
    resolved.occurred_precision,
    resolved.first_recorded_at,
    resolved.recorded_at,
    resolved.known_from_at,
    resolved.known_until_at,

    -- where it came from
    resolved._delivery_id,
    resolved._source_file,
    resolved._source_line
from (
    -- who they were at the time: a merge closes a version and opens another
    select
        {{ listed(told, relation) }},
        case when not coalesce({{ relation }}.is_online_known_from_assumed, false) then {{ relation }}.is_online end
            as is_online_known_then,
        offenders.person_id as offender_person_id,
        victims.person_id as victim_person_id,
        thirds.person_id as other_person_id,
        {{ known_together([relation, 'offenders', 'victims', 'thirds']) }}
    from {{ relation }}
    left join {{ as_needed(persons, 'nominal_id', relation, 'offender_nominal_id') }} as offenders on {{ relation }}.offender_nominal_id = offenders.nominal_id
    left join {{ as_needed(persons, 'nominal_id', relation, 'victim_nominal_id') }} as victims on {{ relation }}.victim_nominal_id = victims.nominal_id
    left join {{ as_needed(persons, 'nominal_id', relation, 'other_nominal_id') }} as thirds on {{ relation }}.other_nominal_id = thirds.nominal_id
    where {{ are_known_together([relation, 'offenders', 'victims', 'thirds']) }}
) as resolved
inner join {{ ref('event_kinds') }} as event_kinds on resolved.event_kind = event_kinds.event_kind
left join {{ ref('offence_codes') }} as offence_codes on resolved.offence_code = offence_codes.offence_code
left join {{ ref('offence_behaviours') }} as offence_behaviours
    on resolved.offence_code = offence_behaviours.offence_code
left join {{ ref('int_texts__told') }} as texts on resolved.text_id = texts.text_id
{%- endmacro %}
