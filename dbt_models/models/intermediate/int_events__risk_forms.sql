-- one row per risk form or personal statement, pair that it concerns, and version of what was known
with

forms as (

    select * from {{ ref('stg_risk_forms__forms') }}
    where {{ is_touched('form_id', 'int_touched__records') }}

),

suspects as (

    select * from {{ as_needed(ref('int_crimes__sides'), 'crime_id', 'forms') }}
    where side = 'offender'

),

incidents as (

    select * from {{ ref('stg_domestic_incidents__incidents') }}

),

-- for a form that names no suspect: those of its crime, else the other party of its domestic incident
concerned as (

    select
        crime_id as told_by_id,
        true as is_told_by_crime,
        nominal_id,
        role,
        known_from_at,
        known_until_at
    from suspects
    union all
    select
        domestic_incident_id as told_by_id,
        false as is_told_by_crime,
        other_nominal_id as nominal_id,
        case when other_nominal_id is not null then 'other party' end as role,
        known_from_at,
        known_until_at
    from incidents
    where {{ are_known_together(['incidents']) }}
    union all
    -- before the incident was told of
    select
        domestic_incident_id as told_by_id,
        false as is_told_by_crime,
        null as nominal_id,
        null as role,
        {{ beginning() }} as known_from_at,
        min(known_from_at) as known_until_at
    from incidents
    group by domestic_incident_id

),

told as (

    select
        *,
        case when suspect_nominal_id is null then coalesce(crime_id, domestic_incident_id) end as told_by_id,
        crime_id is not null as is_told_by_crime,
        case when form_kind = 'VPS' then 'victim_statement' else 'risk_form' end as event_kind,
        nullif(concat_ws(
            '; ',
            case when q_frightened = 'Y' then 'q_frightened' end,
            case when q_injured = 'Y' then 'q_injured' end,
            case when q_isolated = 'Y' then 'q_isolated' end,
            case when q_separated = 'Y' then 'q_separated' end,
            case when q_child_contact = 'Y' then 'q_child_contact' end,
            case when q_constant_contact = 'Y' then 'q_constant_contact' end,
            case when q_controlling = 'Y' then 'q_controlling' end,
            case when q_escalating = 'Y' then 'q_escalating' end,
            case when q_strangled = 'Y' then 'q_strangled' end,
            case when q_weapons = 'Y' then 'q_weapons' end,
            case when q_threats_to_kill = 'Y' then 'q_threats_to_kill' end,
            case when q_sexual_harm = 'Y' then 'q_sexual_harm' end,
            case when q_suspect_suicide_threats = 'Y' then 'q_suspect_suicide_threats' end,
            case when q_order_breached = 'Y' then 'q_order_breached' end,
            case when q_police_history = 'Y' then 'q_police_history' end
        ), '') as says_yes_to
    from forms

),

recorded as (

    select
        -- ids
        {{ event_id('risk_forms', 'told.form_id', 'told.event_kind') }} as event_id,
        told.event_kind,
        'risk_forms' as source,
        told.form_id as source_id,
        told.crime_id,

        -- what it is
        coalesce(told.form_kind || ' ' || told.grade, told.form_kind) as event_code,
        told.says_yes_to,
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
        {{ text_id('told.form_text') }} as text_id,

        -- whom it concerns
        coalesce(told.suspect_nominal_id, concerned.nominal_id) as offender_nominal_id,
        case when told.suspect_nominal_id is not null then 'suspect' else concerned.role end as offender_role,
        told.victim_nominal_id,
        case when told.victim_nominal_id is not null then 'victim' end as victim_role,
        cast(null as varchar) as other_nominal_id,
        cast(null as varchar) as other_role,

        -- when it happened, and when we knew
        told.occurred_at,
        cast(null as timestamp) as occurred_until_at,
        {{ occurred_precision('told.occurred_at') }} as occurred_precision,
        told.first_recorded_at,
        told.recorded_at,
        {{ known_together(['told', 'concerned']) }},

        -- where it came from
        told._delivery_id,
        told._source_file,
        told._source_line
    from told
    left join concerned on {{ equal_on(['told_by_id', 'is_told_by_crime'], 'told', 'concerned') }}
    where {{ are_known_together(['told', 'concerned']) }}

)

{{ with_people('recorded') }}
