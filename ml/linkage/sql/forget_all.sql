-- what was linked in another way goes, whatever its form was
drop view if exists identity.link_callers;
drop table if exists identity.link_deliveries;
drop table if exists identity.link_values;
drop table if exists identity.link_profiles;
drop table if exists identity.link_keys;
drop table if exists identity.links;
drop table if exists identity.links_apart;
drop table if exists identity.link_reviews;
delete from identity.link_state;
