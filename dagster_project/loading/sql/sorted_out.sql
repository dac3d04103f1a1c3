select
    (select count(*) from rejected) as rejected,
    (select count(*) from arrived where _is_refused) as refused,
    {% if has_set_aside %}
    (select count(*) from set_aside where not is_repeat) as contradicting,
    (select count(*) from set_aside where is_repeat) as repeated
    {% else %}
    0 as contradicting,
    0 as repeated
    {% endif %}
