{# What a contract asks of a cell. `raw` is the cell as it was delivered, `value` what it means. #}

{% macro is_free_text(column) -%}
{{ column.data_type == 'varchar' and not column.codes }}
{%- endmacro %}

{# the cell, null where the source says so; in free text only where it says so without quotes #}
{% macro given(column, raw, file) -%}
{%- if file.format == 'parquet' or is_free_text(column) == 'True' -%} {{ raw }}
{%- else -%} nullif({{ raw }}, {{ file.null_text | text }})
{%- endif -%}
{%- endmacro %}

{# the cell in the type of the contract, null where it cannot be #}
{% macro value(column, raw, file) -%}
{%- set cell = given(column, raw, file) -%}
{%- if column.codes -%} try_cast({{ cell }} as enum({{ column.codes | unique | map('text') | join(', ') }}))
{%- elif file.format == 'parquet' -%} try_cast({{ raw }} as {{ column.data_type }})
{%- elif column.data_type == 'varchar' -%} {{ cell }}
{%- elif column.data_type == 'boolean' -%}
case {{ cell }} when {{ file.true_text | text }} then true when {{ file.false_text | text }} then false end
{%- elif column.data_type == 'date' and file.date_format != '%Y-%m-%d' -%}
try_strptime({{ cell }}, {{ file.date_format | text }})::date
{%- elif column.data_type == 'timestamp' and file.timestamp_format != '%Y-%m-%d %H:%M:%S' -%}
try_strptime({{ cell }}, {{ file.timestamp_format | text }})
{%- else -%} try_cast({{ cell }} as {{ column.data_type }})
{%- endif -%}
{%- endmacro %}

{# the digits of a number before its exponent; a double keeps seventeen of them #}
{% macro digits(cell) -%}
regexp_replace(regexp_extract({{ cell }}, '^[^eE]*'), '[^0-9]', '', 'g')
{%- endmacro %}

{# what the cell must look like, letter by letter, where a cast is more lenient than the contract #}
{% macro is_written_otherwise(column, raw, file) -%}
{%- set cell, value = given(column, raw, file), column.name | name -%}
{%- if file.format == 'parquet' -%}
{%- if column.data_type == 'timestamp' -%} {{ value }} <> {{ raw }}
{%- elif column.data_type == 'double' -%} not isfinite({{ value }})
{%- else -%} false
{%- endif -%}
{%- elif column.data_type == 'bigint' -%} {{ value }}::varchar <> {{ cell }}
{%- elif column.data_type == 'double' -%}
not regexp_matches({{ cell }}, '^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?$') or not isfinite({{ value }})
or case
    when length({{ cell }}) > 17 then length(ltrim({{ digits(cell) }}, '0')) > 17
    when {{ value }} = 0 then ltrim({{ digits(cell) }}, '0') <> ''
    else false
end
{%- elif column.data_type == 'date' and file.date_format == '%Y-%m-%d' -%} {{ value }}::varchar <> {{ cell }}
{%- elif column.data_type == 'timestamp' and file.timestamp_format == '%Y-%m-%d %H:%M:%S' -%}
{{ value }}::varchar <> {{ cell }} or length({{ cell }}) > 19
{%- elif column.data_type == 'date' -%} strftime({{ value }}, {{ file.date_format | text }}) <> {{ cell }}
{%- elif column.data_type == 'timestamp' -%} strftime({{ value }}, {{ file.timestamp_format | text }}) <> {{ cell }}
{%- else -%} false
{%- endif -%}
{%- endmacro %}

{% macro in_words(column, file) -%}
{%- if column.data_type == 'bigint' -%} is not a whole number in plain digits
{%- elif column.data_type == 'double' -%} is not a number that can be kept to its last digit
{%- elif column.data_type == 'boolean' and file.format == 'csv' -%} is neither {{ file.true_text }} nor {{ file.false_text }}
{%- elif column.data_type == 'date' and file.format == 'csv' -%} is not a date written as {{ file.date_format }}
{%- elif column.data_type == 'timestamp' and file.format == 'csv' -%} is not a time written as {{ file.timestamp_format }}
{%- else -%} cannot be kept as {{ column.data_type }} without loss
{%- endif -%}
{%- endmacro %}

{# every rule once: `form` is 'any' for one condition, 'list' for the faults of a row in words #}
{% macro faults(contract, raws, form, received_at, control) %}
{% macro fault(column, condition, words) %}
{% if form == 'any' %}
or ({{ condition }})
{% else %}
case when {{ condition }} then {'column': {{ column.name | text }}, 'words': {{ words | text }}} end,
{% endif %}
{% endmacro %}
{% set file = contract.file %}
{% for column in contract.columns %}
{% set raw, value = raws[column.name], column.name | name %}
{% set cell = given(column, raw, file) %}
{% if column.required %}
{{ fault(column, value ~ ' is null and ' ~ cell ~ ' is null' if column.data_type != 'varchar' or column.codes else 'coalesce(' ~ value ~ ", '') = ''", 'is empty but must not be') }}
{%- endif %}
{% if column.codes %}
{{ fault(column, value ~ ' is null and ' ~ cell ~ ' is not null', 'holds a code that is not on its list') }}
{%- elif column.data_type == 'varchar' %}
{% if form == 'list' and control %}
{{ fault(column, 'regexp_matches(' ~ value ~ ', ' ~ control | text ~ ')', 'holds a control character') }}
{%- endif %}
{% else %}
{{ fault(column, '(' ~ value ~ ' is null and ' ~ cell ~ ' is not null) or ' ~ is_written_otherwise(column, raw, file), in_words(column, file)) }}
{%- endif %}
{% if column.data_type in ('date', 'timestamp') %}
{{ fault(column, value ~ " not between '1900-01-01' and '2100-12-31" ~ (" 23:59:59.999999'" if column.data_type == 'timestamp' else "'"), 'lies before 1900 or after 2100') }}
{%- endif %}
{% if column.name == contract.recorded_at %}
{{ fault(column, value ~ ' > ' ~ received_at | text ~ '::timestamp', 'is later than the receipt of the delivery') }}
{%- endif %}
{% if column.minimum is not none %}
{{ fault(column, value ~ ' < ' ~ column.minimum, 'is below ' ~ '%g' | format(column.minimum)) }}
{%- endif %}
{% if column.maximum is not none %}
{{ fault(column, value ~ ' > ' ~ column.maximum, 'is above ' ~ '%g' | format(column.maximum)) }}
{%- endif %}
{% endfor %}
{% if form == 'any' and control %}
{% set texts = contract.columns | selectattr('data_type', 'equalto', 'varchar') | rejectattr('codes') %}
or regexp_matches(concat({{ texts | map(attribute='name') | map('name') | join(', ') }}, ''), {{ control | text }})
{% endif %}
{% endmacro %}
