-- events with a column that is taken from the newest version of their crime, whenever that became known
select
    events.*,
    newest.outcome_code as planted_outcome_code
from core.fct_events as events
left join staging.stg_crimes__offences as newest
    on events.crime_id = newest.crime_id and newest.known_until_at is null
