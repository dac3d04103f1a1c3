-- one row per changed nominal and moment at which something new was learned of it: all that was known by then
create or replace temporary table link_new_profiles as
with

values_given as (

    select * from link_new_values

),

-- the numbers of sources that two nominals share, from when they did
shared as (

    select
        pii_value,
        min(first_known_at, 2)[2] as known_from_at
    from identity.link_values
    where
        field = 'shared_id'
        and pii_value in (select pii_value from values_given where field = 'shared_id')
    group by pii_value
    having count(*) > 1

),

known as (

    select * from values_given
    where field <> 'shared_id'
    union all
    select
        values_given.nominal_id,
        values_given.field,
        values_given.pii_value,
        greatest(values_given.first_known_at, shared.known_from_at) as first_known_at
    from values_given
    inner join shared on values_given.field = 'shared_id' and values_given.pii_value = shared.pii_value
    union all
    -- whoever has one number of a caller without a name may have the caller's others
    select
        values_given.nominal_id,
        'caller' as field,
        callers.nominal_id as pii_value,
        min(greatest(values_given.first_known_at, callers.known_from_at)) as first_known_at
    from values_given
    inner join identity.link_callers as callers
        on
            values_given.field = 'phone'
            and values_given.pii_value = callers.pii_phone
            and values_given.nominal_id <> callers.nominal_id
            and coalesce(values_given.first_known_at < callers.known_until_at, true)
    group by all

),

moments as (

    select
        nominal_id,
        first_known_at as known_from_at
    from known
    group by nominal_id, first_known_at

),

spans as (

    select
        nominal_id,
        known_from_at,
        lead(known_from_at) over (partition by nominal_id order by known_from_at) as known_until_at
    from moments

),

gathered as (

    select
        spans.nominal_id,
        spans.known_from_at,
        any_value(spans.known_until_at) as known_until_at,
        max({'at': known.first_known_at, 'value': known.pii_value}) filter (known.field = 'surname') as surname,
        max({'at': known.first_known_at, 'value': known.pii_value}) filter (known.field = 'forename') as forename,
        max({'at': known.first_known_at, 'value': known.pii_value}) filter (known.field = 'middle_name') as middle_name,
        max({'at': known.first_known_at, 'value': known.pii_value}) filter (known.field = 'birth') as birth,
        max({'at': known.first_known_at, 'value': known.pii_value}) filter (known.field = 'sex') as sex,
        list_sort(list(known.pii_value) filter (known.field = 'address')) as addresses,
        list_sort(list(known.pii_value) filter (known.field = 'postcode')) as postcodes,
        list_sort(list(known.pii_value) filter (known.field = 'phone')) as phones,
        list_sort(list(known.pii_value) filter (known.field = 'shared_id')) as shared_ids,
        list_sort(list(known.pii_value) filter (known.field = 'caller')) as callers
    from spans
    inner join known on spans.nominal_id = known.nominal_id and spans.known_from_at >= known.first_known_at
    group by spans.nominal_id, spans.known_from_at

),

forms as (

    select
        forename,
        list_sort(list(distinct form)) as forename_forms
    from (
        select
            forename.value as forename,
            forename.value as form
        from gathered
        where forename is not null
        union
        select
            gathered.forename.value as forename,
            nicknames.name as form
        from gathered
        inner join link_nicknames as nicknames on gathered.forename.value = nicknames.other_form
    )
    group by forename

)

select
    gathered.nominal_id || '@' || epoch_us(gathered.known_from_at) as profile_id,
    gathered.nominal_id,
    gathered.known_from_at,
    gathered.known_until_at,
    replace(gathered.surname.value, ' ', '') as pii_surname,
    list_filter(string_split(gathered.surname.value, ' '), part -> length(part) > 2) as pii_surname_parts,
    name_sound(replace(gathered.surname.value, ' ', '')) as pii_surname_sound,
    gathered.forename.value as pii_forename,
    forms.forename_forms as pii_forename_forms,
    name_sound(gathered.forename.value) as pii_forename_sound,
    gathered.middle_name.value as pii_middle_name,
    gathered.birth.value as pii_birth,
    gathered.sex.value as sex,
    gathered.addresses as pii_addresses,
    gathered.postcodes as pii_postcodes,
    gathered.phones as pii_phones,
    gathered.shared_ids,
    gathered.callers,
    coalesce(surnames.share, rarest.surname) as surname_share,
    coalesce(forenames.share, rarest.forename) as forename_share
from gathered
cross join link_rarest as rarest
left join forms on gathered.forename.value = forms.forename
left join link_terms as surnames
    on surnames.field = 'surname' and replace(gathered.surname.value, ' ', '') = surnames.term
left join link_terms as forenames
    on forenames.field = 'forename' and gathered.forename.value = forenames.term
order by gathered.nominal_id, gathered.known_from_at
