"""What the police do about one report of conduct, and how it ends.

Withdrawal and no further action follow the planted logistic models; an action counts in them only if it
came before the withdrawal or the closing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data_samples import rates
from data_samples.chance import Columns, Flags, Floats, Ints, pick
from data_samples.conduct import BIT

Codes = NDArray[np.str_]  # outcome codes
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
POSITIVE = ("3", "3A", "8", "22")  # ends other than a charge that still say who did it
CUT_OFF = ("witness", "special_scheme", "support_offered", "sdash", "victim_technology",
           "suspect_technology", "third_party_evidence", "marac")  # fmt: skip


def investigate(rng: np.random.Generator, facts: Columns) -> Columns:
    """Draw the investigation of each case and how it ends, from who they are and what is on record."""
    plan = _plan(rng, facts)
    withdraw_day = _decision_day(rng, rates.WITHDRAWAL_BINS, plan.size)
    for_withdrawal = _withdrawal_terms(facts, plan, withdraw_day)
    withdraws = rng.random(plan.size) < _logistic(
        rates.WITHDRAWAL_INTERCEPT, rates.WITHDRAWAL, for_withdrawal
    )
    nfa_day = _decision_day(rng, rates.NFA_BINS, plan.size) * _lantern_days(plan)
    accounts = pick((0.745, 0.245, 0.010), rng.random(plan.size))  # denied or minimised, no comment, admitted
    for_nfa = _nfa_terms(facts, plan, for_withdrawal, nfa_day, accounts)
    closes = ~withdraws & (rng.random(plan.size) < _nfa_chance(plan, for_nfa))
    decision = _Decision(withdraws, withdraw_day, closes, nfa_day)
    arrest, interview = decision.done(rng, plan.arrest), decision.done(rng, plan.interview)
    custody_end = pick((0.52, 0.15, 0.33), rng.random(plan.size))  # bailed, remanded, released
    court = _court(rng, plan, decision)
    columns = _suspect_columns(rng, plan, arrest, interview, accounts, custody_end)
    columns |= _ending_columns(rng, plan, decision, court)
    for name, planned in _other_actions(rng, plan, court, arrest).items():
        after = decision.done(rng, planned) if name in CUT_OFF else planned
        columns[f"{name}_after"] = after
        columns[name] = np.isfinite(after)
    columns |= {f"withdrawal_x_{term}": value for term, value in for_withdrawal.items()}
    columns |= {f"nfa_x_{term}": for_nfa[term] for term in rates.NFA}
    return columns


@dataclass(frozen=True)
class _Plan:
    """What would be done, and after how many days, if the case stayed open; infinite where never."""

    domestic: Flags
    lantern: Flags
    identified: Flags
    arrest: Floats
    interview: Floats
    witness: Floats
    special_scheme: Floats
    support_offered: Floats
    sdash: Floats
    victim_technology: Floats
    technology_evidence: Flags
    one_incident: Flags
    police_delay: Flags
    ethnicity_missing: Flags

    @property
    def size(self) -> int:
        return len(self.domestic)


@dataclass(frozen=True)
class _Decision:
    """Whether and when the victim withdraws or the police close the case."""

    withdraws: Flags
    withdraw_day: Floats
    closes: Flags
    nfa_day: Floats

    def done(self, rng: np.random.Generator, planned: Floats) -> Floats:
        """What closing early cut off did not happen, but for a few actions already under way."""
        ended = np.where(self.withdraws, self.withdraw_day, np.where(self.closes, self.nfa_day, np.inf))
        return np.where((planned < ended) | (rng.random(len(planned)) < 0.12), planned, np.inf)


@dataclass(frozen=True)
class _Court:
    """What came of the cases that went on, and of those that did not."""

    submitted: Flags
    charged: Flags
    stops: Flags  # the victim stops cooperating without a word
    reason: Ints  # of a withdrawal
    cps_day: Floats
    code: Codes
    outcome_day: Floats


def _plan(rng: np.random.Generator, facts: Columns) -> _Plan:
    domestic = facts["domestic"].astype(bool)
    n = len(domestic)
    named = ~facts["unknown_offender"].astype(bool)
    identified = named & (rng.random(n) < np.where(domestic, 0.992, 0.765))
    arrest_chance = np.where(domestic, PLANNED["arrest_domestic"], PLANNED["arrest_other"])
    arrest = np.where(identified, _delay(rng, n, arrest_chance, 0.55, 9.0), np.inf)
    voluntary = np.where(identified, _delay(rng, n, PLANNED["voluntary_interview"], 0.15, 16.0), np.inf)
    after_arrest = np.where(rng.random(n) < 0.92, arrest + 0.3, np.inf)
    missing = rates.SUSPECT_ETHNICITY_MISSING
    return _Plan(
        domestic=domestic,
        lantern=facts["operation"] == 1,
        identified=identified,
        arrest=arrest,
        interview=np.where(np.isfinite(arrest), after_arrest, voluntary),
        witness=_delay(rng, n, PLANNED["witness"] * np.where(domestic, 1.03, 0.6), 0.45, 9.0),
        special_scheme=_delay(rng, n, PLANNED["special_scheme"] * np.where(domestic, 1.05, 0.25), 0.60, 5.0),
        support_offered=_delay(rng, n, PLANNED["support_offered"], 0.70, 5.0),
        sdash=_delay(rng, n, PLANNED["sdash"], 0.70, 4.0),
        victim_technology=_delay(
            rng, n, PLANNED["victim_technology"] * np.where(domestic, 1.04, 0.5), 0.10, 38.0
        ),
        technology_evidence=rng.random(n) < PLANNED["technology_evidence"],
        one_incident=rng.random(n) < 0.16,
        police_delay=rng.random(n) < PLANNED["police_delay"],
        ethnicity_missing=~identified
        | (rng.random(n) < np.where(domestic, missing["domestic"], missing["non_domestic"])),
    )


def _delay(rng: np.random.Generator, n: int, chance: float | Floats, at_once: float, mean: float) -> Floats:
    """Days until an action, infinite where it is not planned."""
    days = np.where(rng.random(n) < at_once, rng.random(n) * 0.4, rng.exponential(mean, n))
    return np.where(rng.random(n) < chance, days, np.inf)


def _decision_day(rng: np.random.Generator, bins: tuple[int, ...], n: int) -> Floats:
    low, high = np.array(rates.DECISION_EDGES[:-1]), np.array(rates.DECISION_EDGES[1:])
    chosen = pick(bins, rng.random(n))
    return low[chosen] + rng.random(n) * (high[chosen] - low[chosen])


def _lantern_days(plan: _Plan) -> Floats:
    return np.where(plan.lantern, rates.LANTERN_DAYS, 1.0)


def _logistic(intercept: float, effects: dict[str, float], terms: dict[str, Flags]) -> Floats:
    total = np.full(len(next(iter(terms.values()))), intercept)
    for term, odds in effects.items():
        total = total + np.log(odds) * terms[term]
    return 1.0 / (1.0 + np.exp(-total))


def _withdrawal_terms(facts: Columns, plan: _Plan, day: Floats) -> dict[str, Flags]:
    """The terms of the withdrawal model, one for each of `rates.WITHDRAWAL`, as they stood on the day."""
    victim_age, suspect_age = facts["victim_age"], facts["suspect_age"]
    mask = facts["facts"].astype(np.int64)
    return {
        "victim_age_35_44": (victim_age >= 35) & (victim_age < 45),
        "victim_age_45_54": (victim_age >= 45) & (victim_age < 55),
        "victim_previous_stalking": facts["victim_previous_stalking"].astype(bool),
        "victim_previous_allegations": facts["victim_previous_allegations"].astype(bool),
        "suspect_age_35_44": plan.identified & (suspect_age >= 35) & (suspect_age < 45),
        "suspect_convictions": plan.identified & facts["suspect_convictions"].astype(bool),
        "one_incident": plan.one_incident,
        "stranger": facts["relationship"] == 7,
        "section_4a": facts["is_4a"].astype(bool),
        "arrested_or_interviewed": np.minimum(plan.arrest, plan.interview) < day,
        "witness": plan.witness < day,
        "frightened": facts["frightened"].astype(bool),
        "special_scheme": plan.special_scheme < day,
        "support_offered": plan.support_offered < day,
        "victim_male": facts["victim_male"].astype(bool),
        "victim_ethnicity_minority": facts["victim_ethnicity"] < 4,
        "victim_mental_health": facts["victim_mental_health"].astype(bool),
        "suspect_male": facts["suspect_male"].astype(bool),
        "suspect_mental_health": facts["suspect_mental_health"].astype(bool),
        "suspect_previously_victim": facts["suspect_previously_victim"].astype(bool),
        "physical_location": facts["place"] != 4,
        "threats_of_harm": (mask & BIT["threat_physical"]) > 0,
        "third_party": (mask & BIT["third_party"]) > 0,
        "technology_evidence": plan.technology_evidence,
        "suspect_identified": plan.identified,
        "sash_completed": plan.sdash < day,
        "linked_reports": facts["linked_reports"].astype(bool),
    }


def _nfa_terms(
    facts: Columns, plan: _Plan, for_withdrawal: dict[str, Flags], day: Floats, accounts: Ints
) -> dict[str, Flags]:
    """The terms of the model of no further action, one for each of `rates.NFA`, as they stood on the day."""
    mask = facts["facts"].astype(np.int64)
    vulnerable = facts["victim_vulnerable"].astype(bool)
    shared = (
        "victim_previous_stalking", "suspect_male", "victim_male", "suspect_mental_health",
        "suspect_convictions", "third_party", "section_4a",
    )  # fmt: skip
    return {name: for_withdrawal[name] for name in shared} | {
        "victim_age_45_over": facts["victim_age"] >= 45,
        "victim_ethnicity_asian": facts["victim_ethnicity"] == 0,
        "victim_vulnerable_or_mental_health": for_withdrawal["victim_mental_health"] | vulnerable,
        "suspect_age_45_over": plan.identified & (facts["suspect_age"] >= 45),
        "suspect_ethnicity_unknown": plan.ethnicity_missing,
        "domestic": plan.domestic,
        "denied": (accounts == 0) & (plan.interview < day),
        "victim_technology": plan.victim_technology < day,
        "witness": plan.witness < day,
        "special_scheme": plan.special_scheme < day,
        "previous_domestic_allegations": facts["suspect_previous_domestic"].astype(bool),
        "face_to_face": (mask & BIT["face_to_face"]) > 0,
        "surveillance": (mask & BIT["surveillance"]) > 0,
        "police_delay": plan.police_delay,
    }


def _nfa_chance(plan: _Plan, terms: dict[str, Flags]) -> Floats:
    chance = _logistic(rates.NFA_INTERCEPT, rates.NFA, terms)
    odds_times = np.where(plan.lantern, rates.LANTERN_NFA_TIMES, 1.0)
    return chance / (chance + (1 - chance) / odds_times)


def _court(rng: np.random.Generator, plan: _Plan, decision: _Decision) -> _Court:
    """Who is charged, which outcome is recorded, and when."""
    n = plan.size
    goes_on = ~decision.withdraws & ~decision.closes
    submitted = goes_on & plan.identified & (rng.random(n) < np.where(plan.domestic, 0.83, 0.5))
    charged = submitted & (rng.random(n) < np.where(plan.lantern | ~plan.domestic, 0.95, 0.78))
    stops = ~decision.withdraws & (rng.random(n) < np.where(decision.closes, 0.235, 0.05))
    reason = pick((0.89, 0.02, 0.06, 0.03), rng.random(n))
    lag = rng.random(n)
    quick = rng.exponential(8.0, n)
    slow = np.exp(rng.normal(5.75, 0.55, n)) * np.where(charged, 1.6, 1.0)
    cps_day = np.clip(rng.gamma(2.2, 71 / 2.2, n), 1, 500)
    code = _first_code(rng, plan, decision, stops, submitted, charged)
    _vary_codes(rng, plan, goes_on & ~submitted & plan.identified, code)
    decided = np.select(
        [decision.withdraws, decision.closes], [decision.withdraw_day, decision.nfa_day], cps_day
    )
    outcome_day = decided + np.where(_recorded_late(code, lag), slow, quick) * _lantern_days(plan)
    return _Court(submitted, charged, stops, reason, cps_day, code, outcome_day)


def _first_code(
    rng: np.random.Generator, plan: _Plan, decision: _Decision, stops: Flags, submitted: Flags, charged: Flags
) -> Codes:
    """The outcome code the decision leads to, before the rarer ones are set apart; empty while open."""
    n = plan.size
    victim_ends = decision.withdraws | (decision.closes & stops & (rng.random(n) < 0.85))
    return np.select(
        [
            victim_ends & plan.identified,
            ~plan.identified & (rng.random(n) < 0.07),
            ~plan.identified,
            decision.closes,
            charged,
            submitted,
        ],
        ["16", "14", "18", "15", "1", "15C"],
        "",
    ).astype("U3")


def _vary_codes(
    rng: np.random.Generator,
    plan: _Plan,
    left: Flags,
    code: Codes,
) -> None:
    """Put the rarer outcome codes in place: `left` are cases that nothing has ended yet."""
    n = plan.size
    rare = np.array(["10", "12", "13", "17", "20", "21", "22", "14"])
    is_rare = (code == "15") & (rng.random(n) < 0.030)
    code[is_rare] = rare[pick((3, 3, 2, 18, 2, 2, 4, 4), rng.random(int(is_rare.sum())))]
    alternate = (code == "1") & (rng.random(n) < np.where(plan.domestic, 0.43, 0.1))
    code[alternate] = "1A"
    other_end = left & (rng.random(n) < np.where(plan.domestic, 0.40, 0.12))
    code[other_end] = np.array(POSITIVE)[pick((11, 9, 4, 2), rng.random(int(other_end.sum())))]
    code[rng.random(n) < 0.0003] = "5"


def _recorded_late(code: Codes, lag: Floats) -> Flags:
    """Which outcomes wait for months after the decision: charges mostly, others now and then."""
    share = np.select([np.isin(code, ("1", "1A")), np.isin(code, ("16", "14", "18"))], [0.86, 0.035], 0.27)
    return (lag < share) & ~np.isin(code, ("15C", *POSITIVE))


def _suspect_columns(
    rng: np.random.Generator,
    plan: _Plan,
    arrest: Floats,
    interview: Floats,
    accounts: Ints,
    custody_end: Ints,
) -> Columns:
    seen = np.isfinite(arrest) | np.isfinite(interview)
    return {
        "suspect_identified": plan.identified,
        "arrest_after": arrest,
        "interview_after": interview,
        "arrested": np.isfinite(arrest),
        "interviewed": np.isfinite(interview),
        "bailed": seen & (custody_end == 0),
        "remanded": seen & (custody_end == 1),
        "denied": np.isfinite(interview) & (accounts == 0),
        "no_comment": np.isfinite(interview) & (accounts == 1),
        "counter_allegation": np.isfinite(interview) & (rng.random(plan.size) < 0.26),
    }


def _ending_columns(rng: np.random.Generator, plan: _Plan, decision: _Decision, court: _Court) -> Columns:
    n = plan.size
    return {
        "technology_evidence": plan.technology_evidence,
        "victim_ethnicity_missing": rng.random(n) < 0.35,
        # asked again on charge
        "suspect_ethnicity_missing": plan.ethnicity_missing & ~(court.charged & (rng.random(n) < 0.65)),
        "support_declined": rng.random(n) < PLANNED["support_declined"],
        "officer_doubts": rng.random(n) < 0.07,
        "one_incident": plan.one_incident,
        "police_delay": plan.police_delay,
        "withdrew": decision.withdraws,
        "withdraw_after": np.where(decision.withdraws, decision.withdraw_day, np.inf),
        "withdraw_reason": np.where(decision.withdraws, court.reason, -1),
        "withdrawal_statement": decision.withdraws & (rng.random(n) < 0.08),
        "stopped_cooperating": court.stops,
        "police_nfa": decision.closes,
        "nfa_after": np.where(decision.closes, decision.nfa_day, np.inf),
        "nfa_lack_of_evidence": decision.closes & (rng.random(n) < 0.57),
        "submitted_to_cps": court.submitted,
        "cps_after": np.where(court.submitted, court.cps_day, np.inf),
        "charged": court.charged,
        "charge_differs": court.charged & (rng.random(n) < 0.76),
        "outcome_code": court.code,
        "outcome_after": np.where(court.code == "", np.inf, court.outcome_day),
    }


def _other_actions(rng: np.random.Generator, plan: _Plan, court: _Court, arrest: Floats) -> dict[str, Floats]:
    """Days until each other action and order; infinite where never."""
    n, identified = plan.size, plan.identified
    return {
        "witness": plan.witness,
        "special_scheme": plan.special_scheme,
        "support_offered": plan.support_offered,
        "sdash": plan.sdash,
        "victim_technology": plan.victim_technology,
        "suspect_technology": np.where(
            identified, _delay(rng, n, PLANNED["suspect_technology"], 0.08, 56.0), np.inf
        ),
        "third_party_evidence": _delay(rng, n, PLANNED["third_party_evidence"], 0.2, 14.0),
        "marac": _delay(rng, n, PLANNED["marac"], 0.2, 6.0),
        "non_molestation": np.where(
            identified, _delay(rng, n, PLANNED["non_molestation"], 0.05, 25.0), np.inf
        ),
        "protection_order": np.where(
            identified, _delay(rng, n, PLANNED["protection_order"], 0.0, 60.0) + 70, np.inf
        ),
        "restraining": np.where(court.charged & (rng.random(n) < 0.12), court.cps_day + 60, np.inf),
        "prevention_order": np.where(
            np.isfinite(arrest), _delay(rng, n, PLANNED["prevention_order"] * 4, 0.9, 2.0), np.inf
        ),
    }
