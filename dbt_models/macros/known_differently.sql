{#- A version that stands at one of two moments and not at the other. -#}
{% macro known_differently(moment, other_moment, alias) -%}
    ({{ known_before(moment, alias) }} <> {{ known_before(other_moment, alias) }})
{%- endmacro %}
