insert into coded.texts
select
    text_id,
    '{version}' as list_version
from texts_to_code;
drop table texts_to_code
