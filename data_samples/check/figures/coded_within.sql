-- what a coder finds, as a share of the cases it can be said of
select
    'victim.previous_same_suspect' as figure_id,
    count(*) filter (where victim_previous_same_suspect) as numerator,
    count(*) as cases
from coded
where victim_previous_stalking

union all

select
    'case.bailed' as figure_id,
    count(*) filter (where bailed) as numerator,
    count(*) as cases
from coded
where arrested or interviewed

union all

select
    'case.remanded' as figure_id,
    count(*) filter (where remanded) as numerator,
    count(*) as cases
from coded
where arrested or interviewed

union all

select
    'case.no_comment' as figure_id,
    count(*) filter (where no_comment) as numerator,
    count(*) as cases
from coded
where interviewed

union all

select
    'case.denied' as figure_id,
    count(*) filter (where denied) as numerator,
    count(*) as cases
from coded
where interviewed

union all

select
    'case.counter_allegation' as figure_id,
    count(*) filter (where counter_allegation) as numerator,
    count(*) as cases
from coded
where interviewed

union all

select
    'charge.differs' as figure_id,
    count(*) filter (where charge_differs) as numerator,
    count(*) as cases
from coded
where charged

union all

select
    'nfa.lack_of_evidence' as figure_id,
    count(*) filter (where nfa_lack_of_evidence) as numerator,
    count(*) as cases
from coded
where police_nfa;
