-- escalation, and who says so
select
    'escalation.reported' as figure_id,
    count(*) filter (where escalation_victim or escalation_officer) as numerator,
    count(*) as cases
from coded

union all

select
    'escalation.victim_only' as figure_id,
    count(*) filter (where not escalation_officer) as numerator,
    count(*) as cases
from coded
where escalation_victim or escalation_officer;
