{#-
    The lower end of the interval for a share, by Wilson's score with the correction for continuity: within a few
    hundredths of the exact one for any count, and written in plain arithmetic. Empty where nothing was counted.
-#}
{% macro lowest_share(part, whole, z) -%}
    case
        when {{ whole }} = 0 then null
        when {{ part }} = 0 then 0.0
        else greatest(0.0, (
            2.0 * {{ part }} + {{ z * z }} - 1.0 - {{ z }} * sqrt(
                {{ z * z }} - 1.0 / {{ whole }}
                + 4.0 * {{ part }} * (1.0 - cast({{ part }} as double) / {{ whole }})
                + 4.0 * {{ part }} / {{ whole }} - 2.0
            )
        ) / (2.0 * ({{ whole }} + {{ z * z }})))
    end
{%- endmacro %}
