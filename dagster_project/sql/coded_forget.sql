-- what other lists or another reader said
delete from coded.codes;
delete from coded.text_codes
where
    list_version <> '{version}'
    or text_id not in (select text_id from coded.texts);
delete from coded.passed_over
where
    list_version <> '{version}'
    or text_id not in (select text_id from coded.texts);
delete from coded.texts
where list_version <> '{version}'
