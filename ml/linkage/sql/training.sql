-- one row per nominal that was ever named, with all that is known of it
create or replace temporary table link_training as
select link_compared.* exclude (tf_surname, tf_forename)
from link_compared
inner join identity.link_profiles as profiles on link_compared.profile_id = profiles.profile_id
where
    profiles.known_until_at is null
    and (profiles.pii_surname is not null or profiles.pii_forename is not null)
order by link_compared.profile_id
