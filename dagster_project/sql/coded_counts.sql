select
    (select count(*) from coded.texts) as texts,
    (select count(*) from coded.text_codes) as codes,
    (select count(*) from coded.passed_over) as passed_over
