-- one row per crime of which, or of whose parties, something is told anew
with

crimes as (

    select * from {{ source('raw', 'crimes') }}
    where {{ builds_on_what_stands() }}

),

parties as (

    select * from {{ source('raw', 'crime_parties') }}
    where {{ builds_on_what_stands() }}

),

nominals as (

    select * from {{ ref('int_touched__nominals') }}

),

-- whatever crime a party was ever told to stand in
parties_told_anew as (

    select party_ref from parties
    where {{ is_new_delivery('parties') }} or nominal_ref in (select nominals.nominal_id from nominals)

)

select crime_ref as crime_id from crimes
where {{ is_new_delivery('crimes') }}
union
select crime_ref as crime_id from parties
where party_ref in (select parties_told_anew.party_ref from parties_told_anew)
