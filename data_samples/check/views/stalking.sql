-- one row per crime that now stands as stalking, with the truth about it and the district in published order
create table stalking as
select
    crimes.crime_ref,
    crimes.recorded_at,
    crimes.first_class_code,
    crimes.class_code,
    crimes.report_channel,
    crimes.outcome_code,
    crimes.is_cyber,
    districts.published_district as district,
    offences.section,
    offences.behaviours,
    offences.n_behaviours,
    offences.location_kind,
    offences.escalation_victim,
    offences.escalation_officer,
    offences.course_key,
    if(crimes.is_domestic, 'domestic', 'non_domestic') as domestic
from crimes
left join truth_offences as offences on crimes.crime_ref = offences.crime_ref
left join districts on crimes.district = districts.district
where crimes.class_code in ('STK2A', 'STK4A', 'SPOBR');

-- one row per stalking crime of two of the periods, with everything a coder would find in its whole record
create table investigated as
select
    periods.period,
    stalking.crime_ref,
    stalking.section,
    stalking.domestic,
    stalking.location_kind,
    stalking.behaviours,
    stalking.n_behaviours,
    stalking.escalation_victim,
    stalking.escalation_officer,
    stalking.first_class_code,
    stalking.outcome_code,
    stalking.report_channel,
    cases.any_order,
    cases.arrested,
    cases.bailed,
    cases.charge_differs,
    cases.charged,
    cases.children_together,
    cases.continues_after_report,
    cases.counter_allegation,
    cases.cps_days,
    cases.denied,
    cases.distress,
    cases.frightened,
    cases.interviewed,
    cases.linked_reports,
    cases.marac,
    cases.nfa_days,
    cases.nfa_lack_of_evidence,
    cases.nmo,
    cases.no_comment,
    cases.officer_doubts,
    cases.police_nfa,
    cases.relationship,
    cases.remanded,
    cases.reported_by_victim,
    cases.sdash,
    cases.special_scheme,
    cases.spo,
    cases.stopped_cooperating,
    cases.submitted_to_cps,
    cases.support_declined,
    cases.support_offered,
    cases.suspect_age,
    cases.suspect_ethnicity,
    cases.suspect_mental_health,
    cases.suspect_previous_allegations,
    cases.suspect_previous_convictions,
    cases.suspect_sex,
    cases.suspect_substance,
    cases.suspect_tech_days,
    cases.suspect_technology_seized,
    cases.technology_evidence,
    cases.third_party_evidence,
    cases.victim_age,
    cases.victim_ethnicity,
    cases.victim_mental_health,
    cases.victim_previous_allegations,
    cases.victim_previous_any,
    cases.victim_previous_domestic,
    cases.victim_previous_same_suspect,
    cases.victim_previous_stalking,
    cases.victim_sex,
    cases.victim_tech_days,
    cases.victim_technology_provided,
    cases.victim_vulnerable,
    cases.withdraw_days,
    cases.withdraw_reason,
    cases.withdrawal_statement,
    cases.withdrew,
    cases.witness
from stalking
inner join truth_cases as cases on stalking.crime_ref = cases.crime_ref
inner join periods on stalking.recorded_at >= periods.first_day and stalking.recorded_at < periods.day_after
where periods.period in ('coded_year', 'police_year');

create view coded as
from investigated
where period = 'coded_year';

create view police_year as
from investigated
where period = 'police_year';
