-- what was worked out about a changed nominal is worked out anew
delete from identity.link_values where nominal_id in (select nominal_id from link_changed);
delete from identity.link_profiles where nominal_id in (select nominal_id from link_changed);
delete from identity.link_keys where nominal_id in (select nominal_id from link_changed);
delete from identity.links
where nominal_id in (select nominal_id from link_changed) or other_nominal_id in (select nominal_id from link_changed);
delete from identity.links_apart
where nominal_id in (select nominal_id from link_changed) or other_nominal_id in (select nominal_id from link_changed);
delete from identity.link_reviews
where nominal_id in (select nominal_id from link_changed) or other_nominal_id in (select nominal_id from link_changed);
