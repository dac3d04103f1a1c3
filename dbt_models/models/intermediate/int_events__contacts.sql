-- one row per contact with the police, pair that its crime concerns, and version of what was known
with

contacts as (

    select
        *,
        crime_id is not null or coalesce(caller_role, 'unknown') not in ('suspect', 'victim') as is_third
    from {{ ref('stg_contacts__contacts') }}
    where {{ is_touched('contact_id', 'int_touched__records') }}

),

pairs as (

    select * from {{ as_needed(ref('int_crimes__pairs'), 'crime_id', 'contacts') }}

),

recorded as (

    select
        -- ids
        {{ event_id('contacts', 'contacts.contact_id', "'contact'") }} as event_id,
        'contact' as event_kind,
        'contacts' as source,
        contacts.contact_id as source_id,
        contacts.crime_id,

        -- what it is
        contacts.category as event_code,
        cast(null as varchar) as says_yes_to,
        cast(null as varchar) as offence_code,
        contacts.district,
        contacts.ward_id,
        cast(null as varchar) as location_kind,
        cast(null as boolean) as is_domestic,
        cast(null as boolean) as is_online,
        cast(null as boolean) as is_online_known_from_assumed,
        cast(null as varchar) as relationship,
        false as is_cancelled,
        false as is_counted_elsewhere,
        cast(null as varchar) as text_id,

        -- whom it concerns
        case
            when contacts.crime_id is not null then pairs.offender_nominal_id
            when contacts.caller_role = 'suspect' then contacts.caller_nominal_id
        end as offender_nominal_id,
        case
            when contacts.crime_id is not null then pairs.offender_role
            when contacts.caller_role = 'suspect' and contacts.caller_nominal_id is not null then 'caller'
        end as offender_role,
        case
            when contacts.crime_id is not null then pairs.victim_nominal_id
            when contacts.caller_role = 'victim' then contacts.caller_nominal_id
        end as victim_nominal_id,
        case
            when contacts.crime_id is not null then pairs.victim_role
            when contacts.caller_role = 'victim' and contacts.caller_nominal_id is not null then 'caller'
        end as victim_role,
        case when contacts.is_third then contacts.caller_nominal_id end as other_nominal_id,
        case
            when contacts.is_third and contacts.caller_nominal_id is not null then 'caller'
        end as other_role,

        -- when it happened, and when we knew
        contacts.occurred_at,
        cast(null as timestamp) as occurred_until_at,
        {{ occurred_precision('contacts.occurred_at') }} as occurred_precision,
        contacts.recorded_at as first_recorded_at,
        contacts.recorded_at,
        {{ known_together(['contacts', 'pairs']) }},

        -- where it came from
        contacts._delivery_id,
        contacts._source_file,
        contacts._source_line
    from contacts
    left join pairs on contacts.crime_id = pairs.crime_id
    where {{ are_known_together(['contacts', 'pairs']) }}

)

{{ with_people('recorded') }}
