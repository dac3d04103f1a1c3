"""What one report of conduct is like, what the police do about it, and how it ends.

Withdrawal and no further action follow the planted logistic models; an action counts in them only if it
came before the withdrawal or the closing.
"""

from __future__ import annotations

import numpy as np

from data_samples import rates
from data_samples.chance import Columns, Flags, Floats, Ints, pick
from data_samples.prose.codes import BEHAVIOURS, CODES

BIT = {code: np.int64(1) << np.int64(number) for number, code in enumerate(CODES)}
PHYSICAL = sum(
    int(BIT[code])
    for code in (
        "surveillance",
        "face_to_face",
        "property_damage",
        "forced_entry",
        "weapon_used",
        "physical_assault",
    )
)
# Chance of each behaviour in a report, before section and relationship shift it.
BEHAVIOUR_SHARES = dict(
    zip(
        BEHAVIOURS,
        (0.64, 0.375, 0.335, 0.24, 0.23, 0.155, 0.108, 0.10, 0.09, 0.07, 0.03, 0.03, 0.02, 0.02, 0.001),
        strict=True,
    )
)
SECTION_FACTOR = (0.93, 1.22)  # 2A, 4A: the latter holds more kinds
RELATION_FACTOR = {  # behaviour: (partners, family and acquaintances, strangers)
    "third_party": (1.06, 0.85, 0.3),
    "threat_self_harm": (1.20, 0.4, 0.2),
    "surveillance": (0.98, 0.95, 1.75),
    "love_bombing": (0.97, 0.95, 2.3),
    "calls_or_texts": (1.04, 0.95, 0.45),
    "face_to_face": (0.98, 1.05, 1.2),
}
LOCATIONS = ("victim_home", "work_or_school", "public_place", "other", "none")


def draw_conduct(
    rng: np.random.Generator, relationship: Ints, lean: Floats, stalking_class: Flags
) -> Columns:
    """The facts of each reported act, as somebody who was there would tell them."""
    n = len(relationship)
    section = rng.random(n)
    is_4a = section < 0.259
    is_order_breach = section > 0.9947
    group = np.select([relationship <= 1, relationship == 7], [0, 2], 1)
    factor = np.where(is_4a, SECTION_FACTOR[1], SECTION_FACTOR[0]) * np.exp(rng.normal(-0.09, 0.25, n))
    mask = np.zeros(n, dtype=np.int64)
    for code, share in BEHAVIOUR_SHARES.items():
        shift = np.array(RELATION_FACTOR.get(code, (1.0, 1.0, 1.0)))[group]
        if code == "online_contact":
            shift = shift * np.exp(lean - 0.12)
        mask |= np.where(rng.random(n) < share * factor * shift, BIT[code], 0)
    mask = np.where(
        mask == 0, np.where(rng.random(n) < 0.75, BIT["calls_or_texts"], BIT["face_to_face"]), mask
    )
    for code, chance in (("suicide_threat", 0.03), ("weapon", 0.03)):
        mask |= np.where(rng.random(n) < chance, BIT[code], 0)
    tracker = (mask & BIT["surveillance"] > 0) & (rng.random(n) < 0.10)
    mask |= np.where(tracker, BIT["tracker"], 0)
    physical = ((mask & PHYSICAL) > 0) | (rng.random(n) < 0.07)
    place = np.where(physical, pick((0.695, 0.174, 0.10, 0.031, 0.0), rng.random(n)), 4)
    kinds = np.zeros(n, dtype=np.int64)
    for code in BEHAVIOURS:
        kinds += (mask & BIT[code]) > 0
    escalated = rng.random(n) < 0.52
    victim_only = rng.random(n) < 0.27
    for code, chance in (("distress", 0.31), ("controlling_or_coercive", 0.08)):
        mask |= np.where(rng.random(n) < chance, BIT[code], 0)
    frightened = rng.random(n) < np.where(is_4a, 0.60, 0.355)
    mask |= np.where(frightened, BIT["fear"], 0)
    mask |= np.where(escalated & (victim_only | (rng.random(n) < 0.8)), BIT["escalation_victim"], 0)
    mask |= np.where(escalated & ~victim_only, BIT["escalation_officer"], 0)
    return {
        "behaviours": mask & ((1 << len(BEHAVIOURS)) - 1),
        "facts": mask,
        "kinds": kinds,
        "is_4a": is_4a,
        "is_order_breach": is_order_breach & stalking_class,
        "place": place,
        "escalated": escalated,
        "frightened": frightened,
    }


def _decision_day(rng: np.random.Generator, bins: tuple[int, ...], n: int) -> Floats:
    low, high = np.array(rates.DECISION_EDGES[:-1]), np.array(rates.DECISION_EDGES[1:])
    chosen = pick(bins, rng.random(n))
    return low[chosen] + rng.random(n) * (high[chosen] - low[chosen])


def _logistic(intercept: float, effects: dict[str, float], terms: dict[str, Flags]) -> Floats:
    total = np.full(len(next(iter(terms.values()))), intercept)
    for term, odds in effects.items():
        total = total + np.log(odds) * terms[term]
    return 1.0 / (1.0 + np.exp(-total))


def _delay(rng: np.random.Generator, n: int, chance: float | Floats, at_once: float, mean: float) -> Floats:
    """Days until an action, infinite where it is not planned."""
    days = np.where(rng.random(n) < at_once, rng.random(n) * 0.4, rng.exponential(mean, n))
    return np.where(rng.random(n) < chance, days, np.inf)


# Planned shares are higher than published ones where closing early cuts some actions off.
PLANNED = {
    "arrest_domestic": 0.250,
    "arrest_other": 0.195,
    "voluntary_interview": 0.125,
    "witness": 0.285,
    "special_scheme": 0.208,
    "support_offered": 0.585,
    "support_declined": 0.368,
    "sdash": 0.074,
    "technology_evidence": 0.40,
    "suspect_technology": 0.225,
    "victim_technology": 0.255,
    "third_party_evidence": 0.122,
    "marac": 0.155,
    "police_delay": 0.16,
    "non_molestation": 0.072,
    "protection_order": 0.024,
    "prevention_order": 0.018,
}


def investigate(rng: np.random.Generator, facts: Columns, day: Floats) -> Columns:
    """Draw the investigation of each case and how it ends; `facts` holds who they are and what is on record."""
    n = len(day)

    def share(chance: float) -> Flags:
        return rng.random(n) < chance

    domestic, stranger = facts["domestic"].astype(bool), facts["relationship"] == 7
    identified = ~facts["unknown_offender"].astype(bool) & (rng.random(n) < np.where(domestic, 0.992, 0.765))
    arrest = _delay(
        rng, n, np.where(domestic, PLANNED["arrest_domestic"], PLANNED["arrest_other"]), 0.55, 9.0
    )
    arrest = np.where(identified, arrest, np.inf)
    voluntary = np.where(identified, _delay(rng, n, PLANNED["voluntary_interview"], 0.15, 16.0), np.inf)
    interview = np.where(np.isfinite(arrest), np.where(share(0.92), arrest + 0.3, np.inf), voluntary)
    witness = _delay(rng, n, PLANNED["witness"] * np.where(domestic, 1.03, 0.6), 0.45, 9.0)
    scheme = _delay(rng, n, PLANNED["special_scheme"] * np.where(domestic, 1.05, 0.25), 0.60, 5.0)
    support = _delay(rng, n, PLANNED["support_offered"], 0.70, 5.0)
    sdash = _delay(rng, n, PLANNED["sdash"], 0.70, 4.0)
    victim_technology = _delay(
        rng, n, PLANNED["victim_technology"] * np.where(domestic, 1.04, 0.5), 0.10, 38.0
    )
    technology_evidence = share(PLANNED["technology_evidence"])
    one_incident = share(0.16)
    delay = share(PLANNED["police_delay"])
    victim_age, suspect_age = facts["victim_age"], facts["suspect_age"]
    victim_ethnicity = facts["victim_ethnicity"]
    missing = rates.SUSPECT_ETHNICITY_MISSING
    ethnicity_missing = ~identified | (
        rng.random(n) < np.where(domestic, missing["domestic"], missing["non_domestic"])
    )
    mask = facts["facts"].astype(np.int64)
    lantern = facts["operation"] == 1

    withdraw_day = _decision_day(rng, rates.WITHDRAWAL_BINS, n)
    interviewed = np.minimum(arrest, interview)
    terms_withdrawal: dict[str, Flags] = {
        "victim_age_35_44": (victim_age >= 35) & (victim_age < 45),
        "victim_age_45_54": (victim_age >= 45) & (victim_age < 55),
        "victim_previous_stalking": facts["victim_previous_stalking"].astype(bool),
        "victim_previous_allegations": facts["victim_previous_allegations"].astype(bool),
        "suspect_age_35_44": identified & (suspect_age >= 35) & (suspect_age < 45),
        "suspect_convictions": identified & facts["suspect_convictions"].astype(bool),
        "one_incident": one_incident,
        "stranger": stranger,
        "section_4a": facts["is_4a"].astype(bool),
        "arrested_or_interviewed": interviewed < withdraw_day,
        "witness": witness < withdraw_day,
        "frightened": facts["frightened"].astype(bool),
        "special_scheme": scheme < withdraw_day,
        "support_offered": support < withdraw_day,
        "victim_male": facts["victim_male"].astype(bool),
        "victim_ethnicity_minority": victim_ethnicity < 4,
        "victim_mental_health": facts["victim_mental_health"].astype(bool),
        "suspect_male": facts["suspect_male"].astype(bool),
        "suspect_mental_health": facts["suspect_mental_health"].astype(bool),
        "suspect_previously_victim": facts["suspect_previously_victim"].astype(bool),
        "physical_location": facts["place"] != 4,
        "threats_of_harm": (mask & BIT["threat_physical"]) > 0,
        "third_party": (mask & BIT["third_party"]) > 0,
        "technology_evidence": technology_evidence,
        "suspect_identified": identified,
        "sash_completed": sdash < withdraw_day,
        "linked_reports": facts["linked_reports"].astype(bool),
    }
    withdraws = rng.random(n) < _logistic(rates.WITHDRAWAL_INTERCEPT, rates.WITHDRAWAL, terms_withdrawal)

    nfa_day = _decision_day(rng, rates.NFA_BINS, n) * np.where(lantern, rates.LANTERN_DAYS, 1.0)
    accounts = pick((0.745, 0.245, 0.010), rng.random(n))  # denied or minimised, no comment, admitted
    terms_nfa: dict[str, Flags] = {
        "victim_age_45_over": victim_age >= 45,
        "victim_ethnicity_asian": victim_ethnicity == 0,
        "victim_vulnerable_or_mental_health": terms_withdrawal["victim_mental_health"]
        | facts["victim_vulnerable"].astype(bool),
        "victim_previous_stalking": terms_withdrawal["victim_previous_stalking"],
        "suspect_age_45_over": identified & (suspect_age >= 45),
        "suspect_male": terms_withdrawal["suspect_male"],
        "suspect_ethnicity_unknown": ethnicity_missing,
        "domestic": domestic,
        "denied": (accounts == 0) & (interview < nfa_day),
        "victim_technology": victim_technology < nfa_day,
        "witness": witness < nfa_day,
        "special_scheme": scheme < nfa_day,
        "victim_male": terms_withdrawal["victim_male"],
        "suspect_mental_health": terms_withdrawal["suspect_mental_health"],
        "previous_domestic_allegations": facts["suspect_previous_domestic"].astype(bool),
        "suspect_convictions": terms_withdrawal["suspect_convictions"],
        "face_to_face": (mask & BIT["face_to_face"]) > 0,
        "third_party": terms_withdrawal["third_party"],
        "surveillance": (mask & BIT["surveillance"]) > 0,
        "section_4a": terms_withdrawal["section_4a"],
        "police_delay": delay,
    }
    shift = np.where(lantern, np.log(rates.LANTERN_NFA_TIMES), 0.0)
    chance = _logistic(rates.NFA_INTERCEPT, rates.NFA, terms_nfa)
    chance = chance / (chance + (1 - chance) * np.exp(-shift))
    closes = ~withdraws & (rng.random(n) < chance)
    ended = np.where(withdraws, withdraw_day, np.where(closes, nfa_day, np.inf))

    def done(planned: Floats) -> Floats:
        """What closing early cut off did not happen, but for a few actions already under way."""
        return np.where((planned < ended) | (rng.random(n) < 0.12), planned, np.inf)

    arrest, interview = done(arrest), done(interview)
    seen = np.isfinite(arrest) | np.isfinite(interview)
    custody_end = pick((0.52, 0.15, 0.33), rng.random(n))  # bailed, remanded, released
    to_cps = ~withdraws & ~closes & identified & (rng.random(n) < np.where(domestic, 0.83, 0.5))
    charged = to_cps & (rng.random(n) < np.where(lantern | ~domestic, 0.95, 0.78))
    stops = ~withdraws & (rng.random(n) < np.where(closes, 0.235, 0.05))
    reason = pick((0.89, 0.02, 0.06, 0.03), rng.random(n))
    lag_kind = rng.random(n)
    quick, slow = rng.exponential(8.0, n), np.exp(rng.normal(5.75, 0.55, n)) * np.where(charged, 1.6, 1.0)
    cps_day = np.clip(rng.gamma(2.2, 71 / 2.2, n), 1, 500)

    sixteen = withdraws | (closes & stops & (rng.random(n) < 0.85))
    code = np.select(
        [
            sixteen & identified,
            ~identified & (rng.random(n) < 0.07),
            ~identified,
            closes,
            charged,
            to_cps,
        ],
        ["16", "14", "18", "15", "1", "15C"],
        "",
    ).astype("U3")
    small = rng.random(n)
    rare = np.array(["10", "12", "13", "17", "20", "21", "22", "14"])
    is_rare = (code == "15") & (small < 0.030)
    code[is_rare] = rare[pick((3, 3, 2, 18, 2, 2, 4, 4), rng.random(int(is_rare.sum())))]
    alternate = (code == "1") & (rng.random(n) < np.where(domestic, 0.43, 0.1))
    code[alternate] = "1A"
    other_end = ~withdraws & ~closes & ~to_cps & identified & (rng.random(n) < np.where(domestic, 0.40, 0.12))
    positive = np.array(["3", "3A", "8", "22"])
    code[other_end] = positive[pick((11, 9, 4, 2), rng.random(int(other_end.sum())))]
    code[rng.random(n) < 0.0003] = "5"
    decided = np.select([withdraws, closes, to_cps], [withdraw_day, nfa_day, cps_day], cps_day)
    lags_long = np.select(
        [np.isin(code, ("1", "1A")), np.isin(code, ("16", "14", "18"))],
        [lag_kind < 0.86, lag_kind < 0.035],
        lag_kind < 0.27,
    )
    lags_long = lags_long & (code != "15C") & ~np.isin(code, ("3", "3A", "8", "22"))
    outcome_day = decided + np.where(lags_long, slow, quick) * np.where(lantern, rates.LANTERN_DAYS, 1.0)
    columns: Columns = {
        "suspect_identified": identified,
        "arrest_after": arrest,
        "interview_after": interview,
        "arrested": np.isfinite(arrest),
        "interviewed": np.isfinite(interview),
        "bailed": seen & (custody_end == 0),
        "remanded": seen & (custody_end == 1),
        "denied": np.isfinite(interview) & (accounts == 0),
        "no_comment": np.isfinite(interview) & (accounts == 1),
        "counter_allegation": np.isfinite(interview) & share(0.26),
        "technology_evidence": technology_evidence,
        "victim_ethnicity_missing": share(0.35),
        "suspect_ethnicity_missing": ethnicity_missing & ~(charged & share(0.65)),  # asked again on charge
        "support_declined": share(PLANNED["support_declined"]),
        "officer_doubts": share(0.07),
        "one_incident": one_incident,
        "police_delay": delay,
        "withdrew": withdraws,
        "withdraw_after": np.where(withdraws, withdraw_day, np.inf),
        "withdraw_reason": np.where(withdraws, reason, -1),
        "withdrawal_statement": withdraws & share(0.08),
        "stopped_cooperating": stops,
        "police_nfa": closes,
        "nfa_after": np.where(closes, nfa_day, np.inf),
        "nfa_lack_of_evidence": closes & share(0.57),
        "submitted_to_cps": to_cps,
        "cps_after": np.where(to_cps, cps_day, np.inf),
        "charged": charged,
        "charge_differs": charged & share(0.76),
        "outcome_code": code,
        "outcome_after": np.where(code == "", np.inf, outcome_day),
    }
    planned: dict[str, Floats] = {
        "witness": witness,
        "special_scheme": scheme,
        "support_offered": support,
        "sdash": sdash,
        "victim_technology": victim_technology,
        "suspect_technology": np.where(
            identified, _delay(rng, n, PLANNED["suspect_technology"], 0.08, 50.0), np.inf
        ),
        "third_party_evidence": _delay(rng, n, PLANNED["third_party_evidence"], 0.2, 14.0),
        "marac": _delay(rng, n, PLANNED["marac"], 0.2, 6.0),
        "non_molestation": np.where(
            identified, _delay(rng, n, PLANNED["non_molestation"], 0.05, 25.0), np.inf
        ),
        "protection_order": np.where(
            identified, _delay(rng, n, PLANNED["protection_order"], 0.0, 60.0) + 70, np.inf
        ),
        "restraining": np.where(charged & share(0.12), cps_day + 60, np.inf),
        "prevention_order": np.where(
            np.isfinite(arrest), _delay(rng, n, PLANNED["prevention_order"] * 4, 0.9, 2.0), np.inf
        ),
    }
    for name, value in planned.items():
        happened = done(value) if not name.endswith(("order", "molestation", "restraining")) else value
        columns[f"{name}_after"] = happened
        columns[name] = np.isfinite(happened)
    columns |= {f"withdrawal_x_{term}": value for term, value in terms_withdrawal.items()}
    columns |= {f"nfa_x_{term}": value for term, value in terms_nfa.items()}
    return columns
