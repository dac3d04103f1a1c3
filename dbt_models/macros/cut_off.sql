{#- The moment a run looks at the world from: midnight as its day begins. It has to be told. -#}
{% macro cut_off() -%}
    {%- if execute and not var('cut_off', none) -%}
        {{ exceptions.raise_compiler_error(
            "no cut-off was given, and there is no default; say which day: --vars '{cut_off: 2024-12-31}'"
        ) }}
    {%- endif -%}
    cast('{{ var("cut_off", "") }}' as timestamp)
{%- endmacro %}
