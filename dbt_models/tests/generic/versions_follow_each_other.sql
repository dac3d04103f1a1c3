{#- Each thing is named, has exactly one version that stands, and no version that ends before it begins. -#}
{% test versions_follow_each_other(model, thing) %}
select {{ thing | join(', ') }}
from {{ model }}
group by {{ thing | join(', ') }}
having
    count(*) - count(known_until_at) <> 1
    or count(*) <> count(known_from_at)
    or sum(case when known_until_at < known_from_at then 1 else 0 end) > 0
    {%- for column in thing %}
        or {{ column }} is null
    {%- endfor %}
{% endtest %}
