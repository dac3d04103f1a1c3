-- one row per nominal that was gone through, with its component and the mark of what was heard of it
select
    joined.nominal_id,
    joined.component_id,
    heard.mark
from joined
inner join link_heard as heard on joined.nominal_id = heard.nominal_id
