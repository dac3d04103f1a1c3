select
    nominal_id,
    known_from_at,
    pii_surname as surname,
    pii_surname_sound as surname_sound,
    pii_forename as forename,
    pii_forename_forms as forename_forms,
    pii_forename_sound as forename_sound,
    pii_birth as birth,
    pii_addresses as addresses,
    pii_postcodes as postcodes,
    pii_phones as phones,
    shared_ids,
    callers,
    surname_share,
    forename_share
from link_new_profiles
