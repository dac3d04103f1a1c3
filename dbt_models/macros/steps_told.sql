{#- What a timeline, of a dyad or of an offender, tells of each event: when, what came before, and whether it grows worse. -#}
{% macro steps_told() -%}
    -- when it happened, and when we knew
    known.occurred_at,
    known.occurred_until_at,
    known.occurred_precision,
    known.first_recorded_at,
    known.recorded_at,
    known.known_from_at,

    -- what came before
    steps.event_number - 1 as events_before,
    steps.days_since_last,
    steps.days_since_last_contact,
    steps.contacts_so_far,
    steps.contacts_28_days,
    steps.contacts_90_days,
    steps.contacts_365_days,
    steps.harm_days_so_far,
    steps.is_new_behaviour,
    steps.behaviours_so_far,

    -- whether it comes more often, or grows worse
    recording_days.recording_regime,
    recording_days.recording_regime <> begun.recording_regime as has_rule_change_in_view,
    escalation.recent_contacts,
    escalation.recent_exposure_days,
    escalation.earlier_contacts,
    escalation.earlier_exposure_days,
    escalation.rate_ratio,
    escalation.lowest_rate_ratio,
    coalesce(escalation.is_escalation_in_frequency, false) as is_escalation_in_frequency,
    steps.highest_harm_days_before,
    steps.mean_harm_days_before,
    {{ is_escalation_in_severity('known', 'steps') }} as is_escalation_in_severity,
    indicators.homicide_indicators,

    -- where it came from
    known.source,
    known.source_id,
    known._delivery_id,
    known._source_file,
    known._source_line
{%- endmacro %}
