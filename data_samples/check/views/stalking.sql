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
    crimes.reported_by = 'victim' as reported_by_victim,
    offences.course_key,
    offences.escalation_victim,
    offences.escalation_officer,
    districts.published_district as district,
    case crimes.class_code when 'STK2A' then '2A' when 'STK4A' then '4A' else 'breach' end as section,
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
    stalking.first_class_code,
    stalking.outcome_code,
    stalking.report_channel,
    stalking.reported_by_victim,
    stalking.escalation_victim,
    stalking.escalation_officer,

    -- the people
    cases.relationship,
    cases.children_together,
    cases.victim_previous_any,
    cases.victim_previous_stalking,
    cases.victim_previous_same_suspect,
    cases.victim_previous_domestic,
    cases.victim_previous_allegations,
    cases.victim_vulnerable,
    cases.victim_mental_health,
    cases.suspect_previous_allegations,
    cases.suspect_convictions as suspect_previous_convictions,
    cases.suspect_mental_health,
    cases.suspect_substance,
    floor(cases.victim_age) as victim_age,
    floor(cases.suspect_age) as suspect_age,
    if(cases.victim_male, 'M', 'F') as victim_sex,
    if(cases.suspect_male, 'M', 'F') as suspect_sex,
    if(cases.victim_ethnicity_missing, null, victims.ethnicity) as victim_ethnicity,
    if(cases.suspect_ethnicity_missing, null, suspects.ethnicity) as suspect_ethnicity,

    -- what happened
    cases.behaviours,
    cases.kinds as n_behaviours,
    case cases.place when 0 then 'victim_home' when 4 then 'none' else 'elsewhere' end as location_kind,
    cases.frightened,
    cases.distressed,
    cases.linked_reports,
    cases.continues_after_report,

    -- what was done
    cases.arrested,
    cases.interviewed,
    cases.bailed,
    cases.remanded,
    cases.no_comment,
    cases.denied,
    cases.counter_allegation,
    cases.technology_evidence,
    cases.suspect_technology as suspect_technology_seized,
    cases.victim_technology as victim_technology_provided,
    cases.third_party_evidence,
    cases.witness,
    cases.sdash,
    cases.support_offered,
    cases.support_declined,
    cases.special_scheme,
    cases.marac,
    cases.officer_doubts,
    cases.protection_order as spo,
    cases.non_molestation as nmo,
    cases.protection_order
    or cases.non_molestation
    or cases.restraining
    or cases.prevention_order as any_order,
    cases.suspect_technology_after as suspect_tech_days,
    cases.victim_technology_after as victim_tech_days,

    -- how it ended
    cases.withdrew,
    cases.withdraw_after as withdraw_days,
    cases.withdraw_reason = 0 as withdrew_wanting_no_prosecution,
    cases.withdrawal_statement,
    cases.stopped_cooperating,
    cases.police_nfa,
    cases.nfa_after as nfa_days,
    cases.nfa_lack_of_evidence,
    cases.submitted_to_cps,
    cases.cps_after as cps_days,
    cases.charged,
    cases.charge_differs
from stalking
inner join truth_cases as cases on stalking.crime_ref = cases.crime_ref
inner join periods on stalking.recorded_at >= periods.first_day and stalking.recorded_at < periods.day_after
left join ethnicities as victims on cases.victim_ethnicity = victims.number
left join ethnicities as suspects on cases.suspect_ethnicity = suspects.number
where periods.period in ('coded_year', 'police_year');

create view coded as
from investigated
where period = 'coded_year';

create view police_year as
from investigated
where period = 'police_year';
