{% import 'reading.sql' as reading %}
{% import 'raw_text.sql' as raw_text %}
-- some records of the file, with their cells and their text as delivered
create or replace temp table arrived as
with

cells as (

{% if contract.file.format == 'parquet' %}
{{ reading.cells_of_parquet(path, header) }}
    where file_row_number in (
        {{ few | map('string') | join(', ') if few else 'select line - 1 from wanted' }}
    )
{% else %}
{{ reading.cells_of_csv(taken, header, true) }}
{% endif %}
),

{{ reading.typed_and_judged(contract, raws, received_at, control) }}

select
    *,
    {{ raw_text.of_row(contract, header) }} as _raw_text
from judged
;

select count(*) from arrived
