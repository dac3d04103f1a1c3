-- one row per incident log and span in which other records told whom it concerns; nobody is a row too
{%- set who = [
    'offender_nominal_id', 'offender_role', 'victim_nominal_id', 'victim_role', 'other_nominal_id', 'other_role',
] %}
with

told as (

    select * from {{ ref('int_command_logs__told') }}
    where {{ is_touched('command_log_id', 'int_touched__records') }}

),

moments as (

    select
        command_log_id,
        known_from_at
    from told
    where not is_told_once
    union
    select
        command_log_id,
        known_until_at as known_from_at
    from told
    where not is_told_once and known_until_at is not null

),

pieces as (

    select
        *,
        lead(known_from_at) over (partition by command_log_id order by known_from_at) as known_until_at
    from moments

),

candidates as (

    select
        pieces.command_log_id,
        {{ listed(who, 'told') }},
        pieces.known_from_at,
        pieces.known_until_at,
        row_number() over (
            partition by pieces.command_log_id, pieces.known_from_at
            order by told.turn, told.told_by_id
        ) as turn
    from pieces
    inner join told
        on pieces.command_log_id = told.command_log_id and {{ known_throughout('pieces', 'told') }}

),

speaking as (

    select
        pieces.command_log_id,
        {{ listed(who, 'candidates') }},
        pieces.known_from_at,
        pieces.known_until_at
    from pieces
    left join candidates
        on
            {{ equal_on(['command_log_id', 'known_from_at'], 'pieces', 'candidates') }}
            and candidates.turn = 1

),

everybody as (

    select command_log_id, {{ listed(who, 'told') }}, known_from_at, known_until_at from told
    where is_told_once
    union all
    ({{ unbroken('speaking', ['command_log_id'] + who) }})
    union all
    -- before anybody was named
    select
        command_log_id,
        null as offender_nominal_id,
        null as offender_role,
        null as victim_nominal_id,
        null as victim_role,
        null as other_nominal_id,
        null as other_role,
        {{ beginning() }} as known_from_at,
        min(known_from_at) as known_until_at
    from told
    group by command_log_id

)

select
    command_log_id,
    offender_nominal_id,
    offender_role,
    victim_nominal_id,
    victim_role,
    other_nominal_id,
    other_role,
    known_from_at,
    known_until_at
from everybody
