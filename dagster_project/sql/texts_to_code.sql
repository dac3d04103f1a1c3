-- every text that is not coded yet, once, and in an order that its own words decide
create or replace temporary table texts_to_code as
select
    text_id,
    prose_text,
    row_number() over (order by text_id) - 1 as place
from (
    select
        text_id,
        any_value(prose_text) as prose_text
    from coded.cod_texts
    where text_id not in (select text_id from coded.texts)
    group by text_id
)
order by text_id
