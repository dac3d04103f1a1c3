{#- What a source's contract says of versions: its key, the column that dates a row, and all its columns. -#}
{% macro contract_of(source_name) -%}
    {%- for node in graph.sources.values() if node.source_name == 'raw' and node.name == source_name -%}
        {%- set meta = node.config.meta or node.meta -%}
        {{ return({
            'key': meta.key,
            'recorded_at': meta.recorded_at,
            'columns': node.columns.keys() | list,
        }) }}
    {%- endfor -%}
    {%- if execute -%}
        {{ exceptions.raise_compiler_error("no contract declares the source '" ~ source_name ~ "'") }}
    {%- endif -%}
    {{ return({'key': ['_'], 'recorded_at': '_', 'columns': ['_']}) }}
{%- endmacro %}
