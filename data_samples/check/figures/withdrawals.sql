-- why victims withdrew and whether a statement says so
select
    'withdrawal.no_prosecution' as figure_id,
    count(*) filter (where withdrew_wanting_no_prosecution) as numerator,
    count(*) as cases
from coded
where withdrew

union all

select
    'withdrawal.statement' as figure_id,
    count(*) filter (where withdrawal_statement) as numerator,
    count(*) as cases
from coded
where withdrew;
