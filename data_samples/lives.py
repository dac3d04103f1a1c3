"""The world in motion: reports, police actions and very harmful offences, in steps of four weeks.

What has happened changes what happens next: reports excite reports, an arrest quietens, a record of
violence raises the hazard. Everything is drawn by chance from rates; nothing is filled up to a quota.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data_samples import offences, rates
from data_samples.chance import Columns, Flags, Floats, Ints, generator, pick
from data_samples.courses import BURN_IN, Cast, Courses, season
from data_samples.investigation import BIT, draw_conduct, investigate
from data_samples.shocks import NEVER, OUTCOME_SHIFT, RULE_CHANGE, Shock

STEP = 28
CONDUCT, OTHER_CRIME, INCIDENT, CONTACT = range(4)
_THREATS = np.int64(BIT["threat_physical"] | BIT["threat_sexual"])


@dataclass(frozen=True)
class Drivers:
    """The state of the offenders whose first course has begun, at the start of a step."""

    offender: Ints
    values: NDArray[np.float16]  # a column for each term of `rates.HAZARD`


@dataclass(frozen=True)
class Lives:
    """All that happened to the people of the courses, and the hazard they lived under."""

    reports: pl.DataFrame  # one row per report inside a course
    careers: pl.DataFrame  # other offences of the offenders, and others against or by the victims
    severe: pl.DataFrame  # very harmful offences
    cases: pl.DataFrame  # one row per report recorded as a crime of conduct, with its investigation
    step_days: Ints  # the first day of each step
    predictor: NDArray[np.float32]  # [step, offender]: log hazard a step without the unseen part
    exposure: NDArray[np.float32]  # [step, offender]: share of the step at risk, times action factors
    drivers: list[Drivers]  # one for each step: what the predictor is made of


def recorded_as_stalking(day: Floats, domestic: Flags, district: Ints) -> Floats:
    """The chance that conduct recorded on this day is recorded as stalking, by the rules of that day."""
    chance = np.zeros(len(day))
    early = day < rates.day_number(rates.date(2020, 10, 1))
    for name, rows in (("domestic", domestic), ("non_domestic", ~domestic)):
        days = np.array([rates.day_number(since) for since, _ in rates.RECORDED_AS_STALKING[name]])
        levels = np.array([level for _, level in rates.RECORDED_AS_STALKING[name]])
        level = levels[np.maximum(np.searchsorted(days, day, side="right") - 1, 0)]
        factor = np.where(early, np.array(rates.EARLY_DISTRICT[name])[district], 1.0)
        chance = np.where(rows, level * factor, chance)
    return chance


def _careers(cast: Cast, rng: np.random.Generator) -> pl.DataFrame:
    """Offences outside the courses: the offenders' own careers, and what befell or was alleged of victims."""
    people = cast.offenders
    first, last = cast.start - BURN_IN, cast.end
    adult = people.birth_day + int(15 * 365.25)
    span = np.maximum(last - np.maximum(first, adult), 0) / 365.25
    rate = np.minimum(
        np.array(rates.CAREER_RATE)[people.kind] * rng.gamma(0.9, 1 / 0.9, len(span)), rates.CAREER_CAP
    )
    counts = rng.poisson(rate * span)
    who = np.repeat(np.arange(len(span)), counts)
    begins = np.maximum(first, adult)[who]
    age_fade = rng.beta(1.0, 1.25, len(who))
    day = begins + age_fade * (last - begins)
    violent = rng.random(len(who)) < np.array(rates.CAREER_VIOLENT)[people.kind][who]
    violent_kinds = offences.numbers("ASLT", "ABH", "GBH", "THRKILL", "STRANG", "SEXASL", "WEAP")
    petty_kinds = offences.numbers(
        "THEFT", "SHOP", "VEH", "DRUGP", "PUBORD", "DAMAGE", "BURGO", "BURGD", "FRAUD"
    )
    kind = np.where(
        violent,
        violent_kinds[pick((50, 26, 3, 5, 3, 5, 8), rng.random(len(who)))],
        petty_kinds[pick((18, 22, 12, 14, 16, 10, 3, 3, 2), rng.random(len(who)))],
    )
    # A person with a conviction has at least one charged offence before the first course.
    courses = cast.courses
    first_course = np.full(len(span), float(NEVER))
    np.minimum.at(first_course, courses.offender, courses.first_report)
    convicted = np.flatnonzero(people.convicted & (first_course < NEVER) & (first_course > adult + 30))
    convicted_day = (
        first_course[convicted]
        - 20
        - rng.random(len(convicted)) * np.minimum(1500, first_course[convicted] - adult[convicted] - 20)
    )
    convicted_kind = np.where(
        rng.random(len(convicted)) < 0.4,
        offences.numbers("ABH", "ASLT")[rng.integers(0, 2, len(convicted))],
        petty_kinds[rng.integers(0, len(petty_kinds), len(convicted))],
    )
    victims = cast.victims
    victim_first = np.full(len(victims.key), float(NEVER))
    np.minimum.at(victim_first, courses.victim, courses.first_report)
    parts = [
        pl.DataFrame(
            {
                "offender": who,
                "victim": np.full(len(who), -1),
                "day": day,
                "kind": kind,
                "charged": rng.random(len(who)) < 0.16,
            }
        ),
        pl.DataFrame(
            {
                "offender": convicted,
                "victim": np.full(len(convicted), -1),
                "day": convicted_day,
                "kind": convicted_kind,
                "charged": np.ones(len(convicted), dtype=bool),
            }
        ),
    ]
    befell = offences.numbers("THEFT", "VEH", "BURGD", "ASLT", "FRAUD", "DAMAGE", "PUBORD", "ABH")
    for flag, as_offender in ((victims.victimised_before, False), (victims.alleged_before, True)):
        rows = np.flatnonzero(flag & (victim_first < NEVER))
        before = (
            victim_first[rows]
            - 10
            - rng.random(len(rows))
            * np.minimum(1700.0, np.maximum(victim_first[rows] - cast.start + 200, 200.0))
        )
        shares = (14, 14, 10, 20, 6, 14, 12, 10) if not as_offender else (12, 4, 2, 40, 2, 16, 14, 10)
        parts.append(
            pl.DataFrame(
                {
                    "offender": np.full(len(rows), -1),
                    "victim": np.where(as_offender, -2 - rows, rows),
                    "day": before,
                    "kind": befell[pick(shares, rng.random(len(rows)))],
                    "charged": np.zeros(len(rows), dtype=bool),
                }
            )
        )
    together = pl.concat(
        [part.with_columns(pl.col("offender", "victim", "kind").cast(pl.Int64)) for part in parts]
    )
    return together.filter(pl.col("day") < last).sort("day", "offender", "victim", "kind")


def _before_reports(courses: Courses, rng: np.random.Generator) -> Columns:
    """What a couple had reported before the course itself came to notice."""
    partnered = courses.relationship <= 1
    mean = np.where(partnered, rates.BEFORE_REPORTS, np.where(courses.domestic, 0.3, 0.04))
    counts = np.minimum(rng.poisson(mean * (0.4 + 0.6 * courses.frailty)), 25)
    course = np.repeat(np.arange(len(counts)), counts)
    back = np.minimum(rng.exponential(420.0, len(course)), 1600.0)
    day = courses.first_report[course] - 1.0 - back
    what = pick(rates.BEFORE_KINDS, rng.random(len(course)))
    return {"course": course, "day": day, "what": what}


def _other_kinds(rng: np.random.Generator, n: int) -> Ints:
    kinds = offences.numbers(*rates.OTHER_CRIMES)
    return kinds[pick(tuple(rates.OTHER_CRIMES.values()), rng.random(n))]


class _State:
    """What is on record so far, for every offender, victim and course."""

    def __init__(self, cast: Cast) -> None:
        offenders, victims, courses = (
            len(cast.offenders.key),
            len(cast.victims.key),
            len(cast.courses.offender),
        )
        self.violence = np.zeros(offenders)
        self.same_victim = np.zeros(offenders)
        self.breaches = np.zeros(offenders)
        self.recent = np.zeros(offenders)
        self.threat = np.zeros(offenders)
        self.strangled = np.zeros(offenders)
        self.self_harm = np.zeros(offenders)
        self.acquisitive = np.zeros(offenders)
        self.pursued = np.zeros(offenders)
        self.allegations = np.zeros(offenders)
        self.domestic_allegations = np.zeros(offenders)
        self.severe = np.zeros(offenders)
        self.last_report = np.full(offenders, -1e9)
        self.separated = np.full(offenders, -1e9)
        self.away_until = np.full(offenders, -1e9)
        self.factor_until = np.full((len(rates.ACTION_EFFECTS), offenders), -1e9)
        self.course_conduct = np.zeros(courses)
        self.course_reports = np.zeros(courses)
        self.excitement = np.zeros(courses)
        self.order_until = np.full(courses, -1e9)
        self.victim_crimes = np.zeros(victims)
        self.victim_conduct = np.zeros(victims)
        self.victim_domestic = np.zeros(victims)
        self.victim_alleged = np.zeros(victims)

    def action_factor(self, day: float) -> Floats:
        factors = np.array([factor for factor, _ in rates.ACTION_EFFECTS.values()])
        return np.where(self.factor_until > day, factors[:, None], 1.0).prod(axis=0)

    def acted(self, name: str, offender: Ints, day: Floats) -> None:
        row = list(rates.ACTION_EFFECTS).index(name)
        np.maximum.at(self.factor_until[row], offender, day + rates.ACTION_EFFECTS[name][1])

    def drivers(self, day: float) -> dict[str, Floats]:
        return {
            "violence": np.log1p(self.violence),
            "same_victim_violence": (self.same_victim > 0).astype(np.float64),
            "breaches": np.log1p(self.breaches),
            "recent_reports": np.log1p(self.recent),
            "threat": (self.threat > 0).astype(np.float64),
            "strangled": (self.strangled > 0).astype(np.float64),
            "separated": ((day - self.separated) < 180).astype(np.float64),
            "victims": np.log(np.maximum(self.pursued, 1.0)),
            "self_harm": (self.self_harm > 0).astype(np.float64),
            "quiet": np.log1p(np.clip(day - self.last_report, 0, 3650) / 365.25),
            "acquisitive": np.log1p(self.acquisitive),
        }


def _record_crimes(state: _State, offender: Ints, kind: Ints) -> None:
    violent = np.isin(kind, offences.VIOLENT)
    np.add.at(state.violence, offender[violent], 1.0)
    np.add.at(state.allegations, offender, 1.0)
    acquisitive = np.isin(kind, offences.of_family("acquisitive", "burglary"))
    np.add.at(state.acquisitive, offender[acquisitive], 1.0)
    np.add.at(state.strangled, offender[kind == offences.NUMBER["STRANG"]], 1.0)
    np.add.at(state.threat, offender[kind == offences.NUMBER["THRKILL"]], 1.0)


def live(seed: int, cast: Cast, shock: Shock) -> Lives:
    """Let the courses run from the burn-in to the end of the window."""
    rng = generator(seed, "lives")
    courses, offenders, victims = cast.courses, cast.offenders, cast.victims
    state = _State(cast)
    careers = _careers(cast, rng)
    career = {name: careers[name].to_numpy() for name in ("offender", "victim", "day", "kind")}
    before = _before_reports(courses, rng)
    before_order = np.argsort(before["day"], kind="stable")
    before = {name: column[before_order] for name, column in before.items()}
    steps = -(-(cast.end - cast.start + BURN_IN) // STEP)  # counted back from the end, as cut-offs are
    step_days = cast.end - STEP * np.arange(steps, 0, -1, dtype=np.int64)
    career_cuts = np.searchsorted(career["day"], np.append(step_days, cast.end))
    before_cuts = np.searchsorted(before["day"], np.append(step_days, cast.end))
    shape = (len(step_days), len(offenders.key))
    predictor = np.zeros(shape, dtype=np.float32)
    exposure = np.zeros(shape, dtype=np.float32)
    drivers: list[Drivers] = []
    all_reports: list[Columns] = []
    all_cases: list[Columns] = []
    all_severe: list[Columns] = []
    severe_numbers = offences.numbers(*rates.SEVERE_KINDS)
    severe_shares = tuple(rates.SEVERE_KINDS.values())
    unseen = rates.HAZARD_UNSEEN * offenders.unseen
    operations_from = rates.day_number(rates.OPERATIONS_FROM)

    for number, begins in enumerate(step_days.tolist()):
        ends = min(begins + STEP, cast.end)
        middle = (begins + ends) / 2
        # --- the hazard, from what is on record as the step begins
        now = state.drivers(float(begins))
        eta = np.full(shape[1], rates.HAZARD_BASE)
        for name, values in now.items():
            eta = eta + rates.HAZARD[name] * values
        begun = np.flatnonzero(state.pursued > 0)
        drivers.append(
            Drivers(begun, np.stack([values[begun] for values in now.values()], axis=1).astype(np.float16))
        )
        eta = eta + np.where(state.pursued > 0, 0.0, rates.HAZARD_BEFORE_COURSE)
        grown = (begins - offenders.birth_day) > 15 * 365.25
        factor = state.action_factor(float(begins))
        at_risk = factor * grown * np.clip((ends - np.maximum(state.away_until, begins)) / STEP, 0.0, 1.0)
        lift = 1.0 + OUTCOME_SHIFT * shock.felt("outcome_shift", begins)
        predictor[number], exposure[number] = eta, at_risk
        strikes = rng.poisson(np.exp(eta + unseen) * at_risk * lift)
        who = np.flatnonzero(strikes > 0)

        # --- reports inside courses
        due = (courses.first_report >= begins) & (courses.first_report < ends)
        running = np.flatnonzero((courses.first_report < ends) & (courses.ended > begins))
        off = courses.offender[running]
        age = np.maximum(middle - courses.first_report[running], 0.0)
        trend = courses.trend[running]
        shape_now = np.select(
            [trend == 0, trend == 1],
            [np.exp(-age / 120), np.exp(-age / 700)],
            np.minimum(0.6 + age / 250, 2.0),
        )
        here = np.clip((ends - np.maximum(courses.first_report[running], begins)) / STEP, 0.0, 1.0)
        resting = (courses.pause_from[running] < middle) & (courses.pause_until[running] > middle)
        quiet = np.where(state.away_until[off] < middle, 1.0, 0.35) * np.where(resting, 0.05, 1.0)
        rate = (
            rates.LATER_RATE * (courses.frailty[running] * shape_now + rates.EXCITEMENT * state.excitement[running])
            * season(np.full(1, middle)) * factor[off] * here * quiet
        )  # fmt: skip
        counts = np.minimum(rng.poisson(rate), 14)
        course = np.concatenate([np.flatnonzero(due), np.repeat(running, counts)])
        is_first = np.arange(len(course)) < int(due.sum())
        n = len(course)
        low = np.maximum(courses.first_report[course], begins)
        centre = low + rng.random(n) * (ends - low)
        day = np.where(is_first, courses.first_report[course], centre)
        what = pick(tuple(rates.LATER_KINDS.values()), rng.random(n))
        first_kind = pick((rates.FIRST_IS_CONDUCT, 0.08, 0.08, 0.04), rng.random(n))
        what = np.where(is_first, first_kind, what)
        together = courses.domestic[course] & ~courses.unknown_offender[course]
        what = np.where((what == INCIDENT) & ~together, CONTACT, what)
        old = slice(int(before_cuts[number]), int(before_cuts[number + 1]))
        course = np.concatenate([course, before["course"][old].astype(np.int64)])
        day = np.concatenate([day, before["day"][old].astype(np.float64)])
        what = np.concatenate([what, before["what"][old].astype(np.int64)])
        order = np.lexsort((what, day, course))
        course, day, what = course[order], day[order], what[order]
        n = len(course)
        off, vic = courses.offender[course], courses.victim[course]
        lag_kind = rng.random(n)
        lag = np.where(
            lag_kind < 0.78,
            rng.random(n) * 0.6,
            np.where(lag_kind < 0.96, rng.exponential(9.0, n), rng.exponential(120.0, n)),
        )
        recorded = day + lag
        kind = np.where(what == OTHER_CRIME, _other_kinds(rng, n), -1)
        ordered = (state.order_until[course] > day) & (what == OTHER_CRIME) & (rng.random(n) < 0.45)
        kind = np.where(ordered, offences.numbers("NMOBR", "ROBR")[rng.integers(0, 2, n)], kind)
        stalking_class = (
            (what == CONDUCT)
            & ~courses.hidden[course]
            & (
                rng.random(n)
                < recorded_as_stalking(recorded, courses.domestic[course], courses.district[course])
                * (1 - RULE_CHANGE * np.minimum(shock.felt("rule_change", recorded), 2.0))
            )
        )
        facts = draw_conduct(
            rng, courses.relationship[course], courses.technology_lean[course], stalking_class
        )
        is_conduct = what == CONDUCT
        plain = offences.numbers("HAR", "HARFV", "MALCOM", "CCB")[
            np.where(
                courses.domestic[course],
                pick((62, 12, 21, 5), rng.random(n)),
                pick((52, 8, 40, 0), rng.random(n)),
            )
        ]
        disguise = offences.numbers("DAMAGE", "BURGD", "MALCOM", "HAR", "CCB", "THEFT")[
            pick((27, 14, 27, 18, 8, 6), rng.random(n))
        ]
        stalking_code = np.select(
            [facts["is_order_breach"], facts["is_4a"]],
            [offences.NUMBER["SPOBR"], offences.NUMBER["STK4A"]],
            offences.NUMBER["STK2A"],
        )
        kind = np.where(
            is_conduct,
            np.where(stalking_class, stalking_code, np.where(courses.hidden[course], disguise, plain)),
            kind,
        )

        # --- how often this dyad has been heard of, within the step too
        starts = np.searchsorted(course, course, side="left")
        running_conduct = np.cumsum(is_conduct) - is_conduct
        within = running_conduct - running_conduct[starts]
        earlier_conduct = state.course_conduct[course] + within
        formal = what != CONTACT  # a call alone leaves no report that another could be linked to
        running_formal = np.cumsum(formal) - formal
        rank = running_formal - running_formal[starts]
        rows = np.flatnonzero(is_conduct)
        case_course, case_day = course[rows], recorded[rows]
        case_off, case_vic = off[rows], vic[rows]
        named = ~courses.unknown_offender[case_course]
        operation = np.where(
            (case_day >= operations_from) & stalking_class[rows],
            pick((0.88, 0.06, 0.06), rng.random(len(rows))),
            0,
        )
        case_facts: Columns = {
            "course": case_course,
            "domestic": courses.domestic[case_course],
            "relationship": courses.relationship[case_course],
            "unknown_offender": ~named,
            "victim_age": (case_day - victims.birth_day[case_vic]) / 365.25,
            "suspect_age": (case_day - offenders.birth_day[case_off]) / 365.25,
            "victim_male": victims.male[case_vic],
            "suspect_male": offenders.male[case_off] & named,
            "victim_ethnicity": victims.ethnicity[case_vic],
            "suspect_ethnicity": offenders.ethnicity[case_off],
            "victim_mental_health": victims.mental_health[case_vic],
            "victim_vulnerable": victims.vulnerable[case_vic],
            "suspect_mental_health": offenders.mental_health[case_off],
            "suspect_substance": offenders.substance[case_off],
            "suspect_convictions": offenders.convicted[case_off] & (state.allegations[case_off] > 0),
            "suspect_previous_allegations": (state.allegations[case_off] > 0) | (rank[rows] > 0),
            "suspect_previous_domestic": state.domestic_allegations[case_off] > 0,
            "suspect_previously_victim": (offenders.key[case_off] // 3) % 5 == 0,
            "victim_previous_any": (state.victim_crimes[case_vic] > 0) | (earlier_conduct[rows] > 0),
            "victim_previous_stalking": (state.victim_conduct[case_vic] > 0) | (earlier_conduct[rows] > 0),
            "victim_previous_same_suspect": earlier_conduct[rows] > 0,
            "victim_previous_domestic": state.victim_domestic[case_vic] > 0,
            "victim_previous_allegations": state.victim_alleged[case_vic] > 0,
            "linked_reports": (state.course_reports[case_course] + rank[rows]) > 0,
            "children_together": courses.children[case_course],
            "operation": operation,
            "stalking_class": stalking_class[rows],
            "is_hidden": courses.hidden[case_course],
            **{name: column[rows] for name, column in facts.items()},
        }
        cases = investigate(rng, case_facts, case_day)
        case_columns = case_facts | cases | {"day": day[rows], "recorded": case_day, "row_in_step": rows}
        all_cases.append(case_columns | {"step": np.full(len(rows), number)})
        all_reports.append(
            {
                "step": np.full(n, number),
                "row_in_step": np.arange(n),
                "course": course,
                "day": day,
                "recorded": recorded,
                "what": what,
                "kind": kind,
                "facts": facts["facts"],
                "behaviours": facts["behaviours"],
                "place": facts["place"],
                "escalated": facts["escalated"],
                "earlier_conduct": earlier_conduct,
            }
        )

        # --- very harmful offences
        m = len(who)
        latest = np.full(shape[1], -1, dtype=np.int64)
        seen_course = np.flatnonzero(courses.first_report < ends)
        latest[courses.offender[seen_course]] = seen_course
        strike_day = begins + rng.random(m) * (ends - begins)
        strike_kind = severe_numbers[pick(severe_shares, rng.random(m))]
        same = (
            (latest[who] >= 0)
            & (rng.random(m) < rates.SEVERE_SAME_VICTIM)
            & (strike_kind != offences.NUMBER["ROB"])
        )
        arrested = rng.random(m) < rates.SEVERE_ARRESTED
        away = arrested & (rng.random(m) < rates.SEVERE_REMANDED)
        until = strike_day + 3 + rng.exponential(rates.SEVERE_CUSTODY_DAYS, m)
        all_severe.append(
            {
                "offender": who,
                "course": np.where(same, latest[who], -1),
                "day": strike_day,
                "kind": strike_kind,
                "arrested": arrested,
                "remanded": away,
                "away_until": np.where(away, until, -1e9),
            }
        )

        # --- what is on record at the end of the step
        state.excitement *= rates.EXCITEMENT_KEPT
        np.add.at(state.excitement, course, 1.0)
        state.recent *= np.exp(-STEP / 90)
        known = ~courses.unknown_offender[course]
        np.add.at(state.recent, off[known], 1.0)
        np.maximum.at(state.last_report, off[known], day[known])
        np.add.at(state.course_reports, course[formal], 1.0)
        np.add.at(state.course_conduct, course[is_conduct], 1.0)
        crime = kind >= 0
        _record_crimes(state, off[crime & known], kind[crime & known])
        violent = crime & np.isin(kind, offences.VIOLENT)
        np.add.at(state.same_victim, off[violent & known], 1.0)
        breach = crime & np.isin(kind, offences.numbers("NMOBR", "ROBR", "SPOBR"))
        np.add.at(state.breaches, off[breach & known], 1.0)
        told = (crime | (what == INCIDENT)) & known
        np.add.at(
            state.threat, off[told & is_conduct & ((facts["facts"].astype(np.int64) & _THREATS) > 0)], 1.0
        )
        np.add.at(
            state.self_harm,
            off[told & is_conduct & ((facts["facts"].astype(np.int64) & BIT["threat_self_harm"]) > 0)],
            1.0,
        )
        np.add.at(state.domestic_allegations, off[crime & known & courses.domestic[course]], 1.0)
        np.add.at(state.victim_crimes, vic[crime], 1.0)
        np.add.at(state.victim_conduct, vic[is_conduct], 1.0)
        np.add.at(state.victim_domestic, vic[courses.domestic[course] & (crime | (what == INCIDENT))], 1.0)
        np.add.at(state.pursued, courses.offender[due], 1.0)
        parted = np.flatnonzero(
            (courses.separated < ends) & (courses.first_report < ends) & (courses.ended > begins - 400)
        )
        np.maximum.at(state.separated, courses.offender[parted], courses.separated[parted].astype(np.float64))
        early = slice(int(career_cuts[number]), int(career_cuts[number + 1]))
        named_rows = career["offender"][early] >= 0
        _record_crimes(state, career["offender"][early][named_rows], career["kind"][early][named_rows])
        against = career["victim"][early]
        np.add.at(state.victim_crimes, against[against >= 0], 1.0)
        np.add.at(state.victim_alleged, -2 - against[against <= -2], 1.0)
        _record_crimes(state, who, strike_kind)
        np.add.at(state.severe, who, 1.0)
        np.add.at(state.same_victim, who[same], 1.0)
        np.maximum.at(state.away_until, who[away], until[away])
        known_case = named & cases["suspect_identified"].astype(bool)
        for action, happened, after in (
            ("arrest", cases["arrested"], cases["arrest_after"]),
            ("withdrawal", cases["withdrew"], cases["withdraw_after"]),
            ("operation_lantern", operation == 1, np.zeros(len(rows))),
            ("operation_beacon", operation == 2, np.zeros(len(rows))),
        ):
            chosen = happened.astype(bool) & known_case
            state.acted(action, case_off[chosen], case_day[chosen] + after[chosen].astype(np.float64))
        for order_name in ("non_molestation", "protection_order", "restraining"):
            chosen = cases[order_name].astype(bool) & known_case
            made = case_day[chosen] + cases[f"{order_name}_after"][chosen].astype(np.float64)
            state.acted("order", case_off[chosen], made)
            np.maximum.at(state.order_until, case_course[chosen], made + 364)

    def stack(parts: list[Columns]) -> pl.DataFrame:
        return pl.DataFrame({name: np.concatenate([part[name] for part in parts]) for name in parts[0]})

    return Lives(
        reports=stack(all_reports),
        careers=careers,
        severe=stack(all_severe),
        cases=stack(all_cases),
        step_days=step_days,
        predictor=predictor,
        exposure=exposure,
        drivers=drivers,
    )
