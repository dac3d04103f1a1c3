-- whether the police closed a coded case that the victim kept up, and what was so before the closing
select
    cases.police_nfa as happened,
    cases.nfa_x_victim_age_45_over as victim_age_45_over,
    cases.nfa_x_victim_ethnicity_asian as victim_ethnicity_asian,
    cases.nfa_x_victim_vulnerable_or_mental_health as victim_vulnerable_or_mental_health,
    cases.nfa_x_victim_previous_stalking as victim_previous_stalking,
    cases.nfa_x_suspect_age_45_over as suspect_age_45_over,
    cases.nfa_x_suspect_male as suspect_male,
    cases.nfa_x_suspect_ethnicity_unknown as suspect_ethnicity_unknown,
    cases.nfa_x_domestic as domestic,
    cases.nfa_x_denied as denied,
    cases.nfa_x_victim_technology as victim_technology,
    cases.nfa_x_witness as witness,
    cases.nfa_x_special_scheme as special_scheme,
    cases.nfa_x_victim_male as victim_male,
    cases.nfa_x_suspect_mental_health as suspect_mental_health,
    cases.nfa_x_previous_domestic_allegations as previous_domestic_allegations,
    cases.nfa_x_suspect_convictions as suspect_convictions,
    cases.nfa_x_face_to_face as face_to_face,
    cases.nfa_x_third_party as third_party,
    cases.nfa_x_surveillance as surveillance,
    cases.nfa_x_section_4a as section_4a,
    cases.nfa_x_police_delay as police_delay
from truth_cases as cases
inner join coded on cases.crime_ref = coded.crime_ref
where not cases.withdrew;
