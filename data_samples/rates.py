"""Every planted number of the force, in one room: fixed when it was made, not edited to please a result.

Published figures stand in `check/published.csv`; what stands here is what the generator draws from.
"""

from __future__ import annotations

from datetime import date

EPOCH = date(1970, 1, 1)


def day_number(of: date) -> int:
    return (of - EPOCH).days


# ---------------------------------------------------------------- size of one whole force
YEARLY = {  # records a year of the background at scale 1.0; the courses bring the rest of the ten-year totals
    "crimes": 300_000,
    "command_logs": 1_975_000,
    "contacts": 2_467_000,
    "custody": 91_000,
    "domestic_incidents": 96_000,
    "intelligence": 96_000,
    "case_notes": 162_000,
    "risk_forms": 46_000,
}
WITNESS_CASES = 300  # investigated dyads at scale 1.0
WITNESS_ROWS = 10_000_000  # communications, and as many locations, at scale 1.0
SEASON_SWING = 0.29  # summer peak of conduct reported; half-years then differ as the exception report's do

# ---------------------------------------------------------------- recording rules and their dates
RULE_2018 = date(2018, 4, 1)  # stalking recorded beside the main offence
RULE_2020 = date(2020, 4, 1)  # domestic harassment by partners and ex-partners recorded as stalking
RULE_2023 = date(2023, 5, 1)  # principal crime only
# Share of conduct crimes in a course that are recorded as stalking, from each date on.
RECORDED_AS_STALKING = {
    "domestic": (
        (date(2000, 1, 1), 0.022),
        (RULE_2018, 0.071),
        (date(2019, 4, 1), 0.105),
        (date(2019, 10, 1), 0.174),
        (RULE_2020, 0.531),
        (date(2020, 10, 1), 0.652),
        (date(2021, 4, 1), 0.800),
        (RULE_2023, 0.770),
    ),
    "non_domestic": (
        (date(2000, 1, 1), 0.200),
        (RULE_2018, 0.260),
        (date(2019, 4, 1), 0.330),
        (date(2019, 10, 1), 0.364),
        (RULE_2020, 0.425),
        (date(2020, 10, 1), 0.492),
        (date(2021, 4, 1), 0.576),
        (date(2021, 10, 1), 0.640),
        (RULE_2023, 0.620),
    ),
}
# Before October 2020 the districts stood at other shares: factor on the recording, districts in order.
EARLY_DISTRICT = {
    "domestic": (0.931, 1.108, 1.013, 1.009, 1.014),
    "non_domestic": (1.017, 1.207, 1.049, 0.927, 0.970),
}
DISTRICT_SHARES = {
    "domestic": (1434, 528, 948, 1926, 833),
    "non_domestic": (137, 37, 71, 162, 53),
}

# ---------------------------------------------------------------- courses of conduct
COURSES_A_YEAR = {"domestic": 9_240.0, "non_domestic": 1_040.0}  # that come to notice, at focus 1.0
HIDDEN_SHARE = 0.12  # recorded only as something else, never as stalking
HIDDEN_OFFENDER_UNKNOWN = 0.35  # of the hidden: nobody is named
FIRST_IS_CONDUCT = 0.80  # the first report is recorded as a crime of the harassment family or stalking
NEW_OFFENDER = 0.88  # the others come from somebody with a course already
NEW_VICTIM = 0.97
RELATIONSHIPS = (
    "ex_partner", "partner", "family", "acquaintance", "colleague", "neighbour", "online", "stranger",
)  # fmt: skip
RELATIONSHIP_SHARES = {
    "domestic": (0.757, 0.135, 0.108, 0, 0, 0, 0, 0),
    "non_domestic": (0, 0, 0, 0.24, 0.09, 0.13, 0.10, 0.44),
}
STALKER_TYPES = (
    "rejected",
    "resentful",
    "intimacy_seeker",
    "incompetent",
    "predatory",
    "not_stalking",
    "unknown",
)
TYPE_SHARES = {
    "domestic": (0.65, 0.10, 0.02, 0.04, 0.02, 0.08, 0.09),
    "non_domestic": (0.08, 0.27, 0.21, 0.18, 0.07, 0.08, 0.11),
}
CHILDREN_TOGETHER = {"ex_partner": 0.36, "partner": 0.33}
TRENDS = ("fading", "persistent", "escalating")
TREND_SHARES = (0.50, 0.30, 0.20)
# Reports after the first: kinds and their shares.
LATER_KINDS = {"conduct": 0.152, "other_crime": 0.09, "incident": 0.125, "contact": 0.633}
BEFORE_KINDS = (0.0, 0.10, 0.14, 0.76)
LATER_RATE = 0.24  # reports in 28 days right after the first, before frailty, trend and excitement
FRAILTY_SHAPE = 0.55  # gamma: few courses hold most of the reports, and none thousands
PAUSES = 0.30  # of the courses rest for some weeks or months before they go on
EXCITEMENT = 0.35  # one report raises the rate of the next 28 days by this much of the base rate
EXCITEMENT_KEPT = 0.30  # share of it left after another 28 days
OTHER_CRIMES = {  # other crimes in a course
    "ASLT": 0.33, "ABH": 0.13, "DAMAGE": 0.22, "PUBORD": 0.09, "THEFT": 0.07, "BURGD": 0.05,
    "THRKILL": 0.035, "STRANG": 0.025, "CCB": 0.03, "SEXASL": 0.02,
}  # fmt: skip
BEFORE_REPORTS = 0.55  # reports of a domestic couple before the first report of the course, on average

# ---------------------------------------------------------------- people
# Kinds of offender, in order: prolific petty, domestic, fixated, one-off.
OFFENDER_KIND_SHARES = (0.10, 0.28, 0.16, 0.46)
CAREER_RATE = (2.4, 0.10, 0.06, 0.015)  # other crimes a year as named suspect, by kind of offender
CAREER_VIOLENT = (0.10, 0.55, 0.35, 0.30)  # share of those that is violence
CAREER_CAP = 14.0  # a year: nobody holds thousands
CONVICTED_BEFORE = 0.16
SUSPECT_FEMALE = {"domestic": 0.22, "non_domestic": 0.46}
VICTIM_FEMALE = 0.80
SUSPECT_AGE_BANDS = ((14, 18), (18, 25), (25, 35), (35, 45), (45, 55), (55, 65), (65, 80))
SUSPECT_AGE_SHARES = {
    "domestic": (0.031, 0.194, 0.392, 0.258, 0.093, 0.025, 0.007),
    "non_domestic": (0.060, 0.185, 0.230, 0.175, 0.235, 0.080, 0.035),
}
VICTIM_AGE_SHARES = (0.030, 0.200, 0.350, 0.270, 0.105, 0.032, 0.013)
ETHNICITY_SHARES = (0.195, 0.245, 0.02, 0.05, 0.49)  # of suspects: asian black mixed other white
VICTIM_ETHNICITY_SHARES = (0.15, 0.16, 0.04, 0.05, 0.60)
SUSPECT_ETHNICITY_MISSING = {"domestic": 0.405, "non_domestic": 0.80}
MENTAL_HEALTH_SUSPECT = 0.35
SUBSTANCE_SUSPECT = 0.29
MENTAL_HEALTH_VICTIM = 0.10
VULNERABLE_VICTIM = 0.14
VICTIM_OTHER_VICTIMISATION = 0.30  # has been victim of an unconnected crime before
VICTIM_ALLEGATION = 0.23  # has been named in an allegation before

# ---------------------------------------------------------------- very harmful offending: the hazard
# Log hazard a 28-day step; everything named is something the police could have recorded, `unseen` is not.
HAZARD_BASE = -7.54
HAZARD = {
    "violence": 0.55,  # log1p of violent offences as named suspect so far
    "same_victim_violence": 0.64,  # any of it against a victim of a course
    "breaches": 0.60,  # log1p of breaches of orders so far
    "recent_reports": 0.60,  # log1p of reports in a course, fading over 90 days
    "threat": 0.68,  # a threat of physical harm or to kill has been reported
    "strangled": 0.85,  # strangulation has been reported
    "separated": 0.70,  # separation in the last 180 days
    "victims": 0.75,  # log of victims pursued so far
    "self_harm": 0.45,  # threatened suicide or self-harm
    "quiet": -0.40,  # log1p of years since the last report
    "acquisitive": 0.04,  # log1p of thefts and the like: counting offences mostly counts these
}
HAZARD_UNSEEN = 0.76  # standard deviation of what no record shows
HAZARD_BEFORE_COURSE = -1.6  # added until the first course has begun
SEVERE_KINDS = {
    "GBHI": 0.30, "RAPE": 0.28, "ROB": 0.22, "KIDNAP": 0.07, "AGGBURG": 0.04,
    "ARSONL": 0.05, "ATTMUR": 0.03, "MURDER": 0.01,
}  # fmt: skip
SEVERE_SAME_VICTIM = 0.70
SEVERE_ARRESTED = 0.72
SEVERE_CUSTODY_DAYS = 620.0  # mean time away after an arrest for one, when remanded
SEVERE_REMANDED = 0.60
VERY_HARMFUL = 365
EXTREMELY_HARMFUL = 1460

# ---------------------------------------------------------------- what police do, and what it changes
ORDER_DAYS = {"protection_order": 1095, "non_molestation": 365, "restraining": 730, "prevention_order": 28}
ACTION_EFFECTS = {  # factor on the rate and the hazard, and for how many days
    "arrest": (0.65, 84),
    "order": (0.55, 364),
    "withdrawal": (0.92, 168),
    "operation_lantern": (0.55, 364),  # the intervention that works
    "operation_beacon": (1.00, 364),  # the one that does nothing
}
OPERATIONS_FROM = date(2022, 4, 4)
OPERATION_SHARE = {"operation_lantern": 0.06, "operation_beacon": 0.06}
COUNTER_CRIME = 0.20  # of counter-allegations are recorded as a crime, with the roles exchanged
LANTERN_NFA_TIMES = 0.18  # odds of no further action under Operation Lantern
LANTERN_DAYS = 0.70  # and the days to an outcome
BEACON_NFA_TIMES = 1.0

# ---------------------------------------------------------------- attrition: planted odds ratios
# (term, odds ratio); null terms stand at 1 and are drawn, recorded and fitted like the others.
WITHDRAWAL_INTERCEPT = 3.10
WITHDRAWAL = {
    "victim_age_35_44": 1 / 5, "victim_age_45_54": 1 / 6, "victim_previous_stalking": 1 / 5,
    "victim_previous_allegations": 1 / 7, "suspect_age_35_44": 1 / 6, "suspect_convictions": 1 / 6,
    "one_incident": 1 / 8, "stranger": 1 / 9, "section_4a": 2.0, "arrested_or_interviewed": 1 / 8,
    "witness": 1 / 7, "frightened": 1 / 5, "special_scheme": 3.0, "support_offered": 2.0,
    "victim_male": 1.0, "victim_ethnicity_minority": 1.0, "victim_mental_health": 1.0, "suspect_male": 1.0,
    "suspect_mental_health": 1.0, "suspect_previously_victim": 1.0, "physical_location": 1.0,
    "threats_of_harm": 1.0, "third_party": 1.0, "technology_evidence": 1.0, "suspect_identified": 1.0,
    "sash_completed": 1.0, "linked_reports": 1.0,
}  # fmt: skip
NFA_INTERCEPT = 3.00
NFA = {
    "victim_age_45_over": 1 / 10, "victim_ethnicity_asian": 1 / 9, "victim_vulnerable_or_mental_health": 7.0,
    "victim_previous_stalking": 1 / 7, "suspect_age_45_over": 17.0, "suspect_male": 1 / 9,
    "suspect_ethnicity_unknown": 11.0, "domestic": 10.0, "denied": 1 / 8, "victim_technology": 1 / 10,
    "witness": 1 / 10, "special_scheme": 1 / 7,
    "victim_male": 1.0, "suspect_mental_health": 1.0, "previous_domestic_allegations": 1.0,
    "suspect_convictions": 1.0, "face_to_face": 1.0, "third_party": 1.0, "surveillance": 1.0,
    "section_4a": 1.0, "police_delay": 1.0,
}  # fmt: skip
# Days to the decision: edges of the published bins, and cases in each.
DECISION_EDGES = (0.0, 1.0, 7.0, 14.0, 28.0, 91.0, 240.0)
WITHDRAWAL_BINS = (27, 30, 21, 33, 33, 21)  # candidates: early ones meet fewer actions, and so happen more
NFA_BINS = (7, 29, 19, 26, 50, 30)
