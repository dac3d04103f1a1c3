-- what a coder finds, as a share of all coded cases
with

counted as (
    select
        count(*) as cases,
        count(*) filter (where victim_previous_any) as victim__previous_any,
        count(*) filter (where victim_previous_stalking) as victim__previous_stalking,
        count(*) filter (where victim_previous_domestic) as victim__previous_domestic,
        count(*) filter (where children_together) as victim__children_together,
        count(*) filter (where victim_previous_allegations) as victim__previous_allegations,
        count(*) filter (where victim_vulnerable) as victim__vulnerable,
        count(*) filter (where victim_mental_health) as victim__mental_health,
        count(*) filter (where suspect_sex = 'M') as suspect__male,
        count(*) filter (where suspect_ethnicity is null) as suspect__ethnicity_missing,
        count(*) filter (where suspect_previous_allegations) as suspect__previous_allegations,
        count(*) filter (where suspect_previous_convictions) as suspect__previous_convictions,
        count(*) filter (where suspect_mental_health) as suspect__mental_health,
        count(*) filter (where suspect_substance) as suspect__substance,
        count(*) filter (where continues_after_report) as case__continues,
        count(*) filter (where linked_reports) as case__linked_reports,
        count(*) filter (where reported_by_victim) as case__reported_by_victim,
        count(*) filter (where arrested or interviewed) as case__arrested_or_interviewed,
        count(*) filter (where interviewed) as case__interviewed,
        count(*) filter (where technology_evidence) as case__technology_evidence,
        count(*) filter (where suspect_technology_seized) as case__suspect_technology_seized,
        count(*) filter (where victim_technology_provided) as case__victim_technology_provided,
        count(*) filter (where third_party_evidence) as case__third_party_evidence,
        count(*) filter (where witness) as case__witness,
        count(*) filter (where sdash) as case__sdash,
        count(*) filter (where support_offered) as case__support_offered,
        count(*) filter (where support_declined) as case__support_declined,
        count(*) filter (where special_scheme) as case__special_scheme,
        count(*) filter (where marac) as case__marac,
        count(*) filter (where frightened) as case__frightened,
        count(*) filter (where distressed) as case__distress,
        count(*) filter (where officer_doubts) as case__officer_doubts,
        count(*) filter (where spo) as orders__spo,
        count(*) filter (where nmo) as orders__nmo,
        count(*) filter (where any_order) as orders__any,
        count(*) filter (where withdrew) as funnel__withdrew,
        count(*) filter (where police_nfa) as funnel__police_nfa,
        count(*) filter (where submitted_to_cps) as funnel__submitted_to_cps,
        count(*) filter (where charged) as funnel__charged,
        count(*) filter (where stopped_cooperating) as funnel__stopped_cooperating
    from coded
),

listed as (
    unpivot counted on columns(* exclude (cases)) into name measure value numerator
)

select
    replace(measure, '__', '.') as figure_id,
    numerator,
    cases
from listed;
