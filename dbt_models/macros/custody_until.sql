{#-
    The day on which a stay in custody ended: by the release, else by its notice, else when the expected share of the
    sentence is served. Time on remand counts towards a sentence, and a release before the stay began ends nothing.
-#}
{% macro custody_until(from_date, released_date, noticed_date, sentence_days) -%}
    coalesce(
        case when {{ released_date }} >= {{ from_date }} then {{ released_date }} end,
        case when {{ noticed_date }} >= {{ from_date }} then {{ noticed_date }} end,
        {{ days_after(from_date, sentence_days ~ ' * ' ~ var('share_of_sentence_served')) }}
    )
{%- endmacro %}
