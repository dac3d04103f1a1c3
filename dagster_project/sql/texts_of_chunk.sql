select
    text_id,
    prose_text
from texts_to_code
where place >= ? and place < ?
order by place
