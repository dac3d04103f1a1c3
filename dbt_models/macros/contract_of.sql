{#- What a source's contract says of versions: its key, the column that dates a row, and all its columns. -#}
{% macro contract_of(source_name) -%}
    {%- if not execute -%}
        {{ return({'key': [], 'recorded_at': '', 'columns': []}) }}
    {%- endif -%}
    {%- for node in graph.sources.values() if node.source_name == 'raw' and node.name == source_name -%}
        {{ return({
            'key': node.config.meta.key,
            'recorded_at': node.config.meta.recorded_at,
            'columns': node.columns.keys() | list,
        }) }}
    {%- endfor -%}
    {{ exceptions.raise_compiler_error("no contract declares the source '" ~ source_name ~ "'") }}
{%- endmacro %}
