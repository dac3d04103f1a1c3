-- profiles by the names that the settings use
create or replace temporary view link_compared as
select
    profile_id,
    pii_surname as surname,
    pii_surname_parts as surname_parts,
    pii_surname_sound as surname_sound,
    surname_share as tf_surname,
    pii_forename as forename,
    pii_forename_forms as forename_forms,
    pii_forename_sound as forename_sound,
    forename_share as tf_forename,
    pii_middle_name as middle_name,
    pii_birth as birth,
    sex,
    pii_addresses as addresses,
    pii_postcodes as postcodes,
    pii_phones as phones,
    shared_ids,
    callers
from identity.link_profiles
