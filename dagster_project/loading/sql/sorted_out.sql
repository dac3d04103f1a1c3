select
    (select count(*) from arrived where _is_refused) as refused,
    (select count(*) from set_aside where not is_repeat) as contradicting,
    (select count(*) from set_aside where is_repeat) as repeated
