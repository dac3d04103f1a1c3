{#- The grain: these columns together tell each row apart, and none of them is ever empty. -#}
{% test one_row_for_each(model, grain) %}
select {{ grain | join(', ') }}
from {{ model }}
group by {{ grain | join(', ') }}
having
    count(*) > 1
    {%- for column in grain %}
        or {{ column }} is null
    {%- endfor %}
{% endtest %}
