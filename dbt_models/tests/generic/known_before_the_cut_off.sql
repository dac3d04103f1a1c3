{#- Nothing that became known at the cut-off or later stands in a mart. -#}
{% test known_before_the_cut_off(model, column_name) %}
select {{ column_name }}
from {{ model }}
where {{ column_name }} is null or {{ column_name }} >= {{ cut_off() }}
{% endtest %}
