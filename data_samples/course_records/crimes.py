"""The crimes: of reports, of careers, very harmful ones, and counter-allegations that became crimes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data_samples import offences, rates
from data_samples.chance import Columns, Flags, Floats, Ints, delays, pick
from data_samples.conduct import BIT
from data_samples.course_records.said import KIND_MASK, KIND_THEME, coded, flagged
from data_samples.course_records.world import FIRST_NUMBER, World
from data_samples.records import DAY, NEVER_SECOND, NONE, frame, seconds, stack

RESIDENTS = 30_000  # the first residents stand for the other party where it is nobody of the courses
_ONLINE = 4  # the place of what was done from the offender's home
_ABSENT: Final[dict[str, int | bool]] = {
    "course": NONE, "year_only": False, "reclassified": NONE, "domestic": False, "online": False,
    "cyber_flag_at": NONE, "weapon": False, "vulnerable_at": NONE, "relationship": NONE, "named": True,
    "mental_health": False, "victim_vulnerable": False, "charged": False, "report": NONE, "case": NONE,
}  # fmt: skip


@dataclass(frozen=True)
class Crimes:
    """All crimes by number, and the numbers of what lies behind them."""

    records: pl.DataFrame
    number: Ints
    report: Ints  # the report behind each crime, the case behind it; -1 where none is
    case: Ints
    of_report: Ints  # the number of each report's crime, -1 where it is none
    of_case: Ints
    of_career: Ints
    of_severe: Ints


def crimes_of(world: World) -> Crimes:
    """Number the crimes in the order in which the system took them in."""
    rng = world.chance("crimes")
    parts = [
        _of_reports(rng, world),
        _of_careers(rng, world),
        _very_harmful(rng, world),
        _countered(rng, world),
    ]
    joined = stack([_completed(part) for part in parts])
    order = np.argsort(joined["created"], kind="stable")
    joined = {name: values[order] for name, values in joined.items()}
    joined["named"] = joined["named"] & (joined["offender"] >= 0)
    joined["reported"] = np.clip(joined["reported"], joined["occurred"], joined["created"])
    number = FIRST_NUMBER + np.arange(len(order), dtype=np.int64)
    numbered = np.empty(len(order), dtype=np.int64)
    numbered[order] = number
    of_part = np.split(numbered, np.cumsum([len(part["kind"]) for part in parts]))
    report, case = joined.pop("report"), joined.pop("case")
    of_report = np.full(len(world.reports.course), NONE)
    of_report[world.reports.is_crime] = of_part[0]
    return Crimes(
        records=frame("crimes", joined | {"crime": number} | _as_taken_in(rng, joined, number)),
        number=number,
        report=report,
        case=case,
        of_report=of_report,
        of_case=of_report[world.cases.report],
        of_career=of_part[1],
        of_severe=of_part[2],
    )


def _completed(given: Columns) -> Columns:
    n = len(given["kind"])
    absent = {name: np.full(n, value) for name, value in _ABSENT.items()}
    return absent | {"first_kind": given["kind"]} | given


# ---------------------------------------------------------------------------- crimes of reports
def _of_reports(rng: np.random.Generator, world: World) -> Columns:
    """The crimes recorded of reports; those of conduct have a case that says how they ended."""
    reports, courses, offenders, victims = (
        world.reports, world.cast.courses, world.cast.offenders, world.cast.victims,
    )  # fmt: skip
    row = np.flatnonzero(reports.is_crime)
    n = len(row)
    case_of_report = np.full(len(reports.course), NONE)
    case_of_report[world.cases.report] = np.arange(len(world.cases))
    case = case_of_report[row]
    created, facts, course = world.entered[row], reports.facts[row], reports.course[row]

    def of_case(name: str, otherwise: NDArray[Any]) -> NDArray[Any]:
        return np.where(case >= 0, world.cases.columns[name][case], otherwise)

    kind = coded(rng, reports.kind[row], created, world.shock)
    first = _first_class(rng, kind, reports.is_stalking[row])
    reclassed = np.where(rng.random(n) < 0.7, rng.gamma(1.2, 4.0, n), rng.exponential(45.0, n)) + 0.3
    place = of_case("place", pick((0.5, 0.1, 0.3, 0.1), rng.random(n)))
    online = (case >= 0) & (place == _ONLINE)
    technology = (facts & (BIT["calls_or_texts"] | BIT["online_contact"])) > 0
    cyber = technology & reports.is_conduct[row] & (rng.random(n) < 0.134)
    vulnerable = victims.vulnerable[reports.victim[row]]
    plain_outcome, plain_delay = _plain_outcome(rng, reports.unknown[row])
    outcome, after = of_case("outcome_code", plain_outcome), of_case("outcome_after", plain_delay)
    identified = of_case("suspect_identified", rng.random(n) < 0.93)
    named = ~reports.unknown[row] & identified
    return {
        "course": course,
        "offender": np.where(named, reports.offender_key[row], NONE),
        "victim": reports.victim_key[row],
        "kind": kind,
        "first_kind": first,
        "created": created,
        "reported": np.minimum(seconds(reports.recorded[row]), created),
        "occurred": seconds(reports.day[row]),
        "year_only": rng.random(n) < 0.04,
        "reclassified": np.where(first != kind, created + (reclassed * DAY).astype(np.int64), NONE),
        "outcome": outcome,
        "outcome_at": _outcome_at(created, after),
        "ward": np.where(online, offenders.ward[reports.offender[row]], victims.ward[reports.victim[row]]),
        "place": place,
        "domestic": flagged(rng, reports.domestic[row], created, world.shock),
        "online": online,
        "cyber_flag_at": _set_later(rng, cyber, created, 0.7, 50),
        "weapon": (facts & BIT["weapon_used"]) > 0,
        "vulnerable_at": _set_later(rng, vulnerable, created, 0.5, 60),
        "facts": world.said.facts[row],
        "relationship": np.where(rng.random(n) < 0.09, courses.relationship[course], NONE),
        "named": named,
        "victim_ethnicity_missing": of_case("victim_ethnicity_missing", rng.random(n) < 0.35),
        "suspect_ethnicity_missing": of_case("suspect_ethnicity_missing", rng.random(n) < 0.44),
        "mental_health": offenders.mental_health[reports.offender[row]] & (rng.random(n) < 0.6),
        "victim_vulnerable": vulnerable,
        "charged": np.isin(outcome, ("1", "1A")),
        "witness": of_case("witness", rng.random(n) < 0.2),
        "report": row,
        "case": case,
    }


def _first_class(rng: np.random.Generator, kind: Ints, is_stalking: Flags) -> Ints:
    """What was first recorded: stalking is seldom seen at once."""
    n = len(kind)
    seen_at_once = rng.random(n) < 0.18
    wrong = offences.numbers("HAR", "DINC", "MALCOM", "PUBORD", "DAMAGE", "ASLT", "HARFV", "CCB")[
        pick((0.41, 0.24, 0.12, 0.05, 0.05, 0.06, 0.05, 0.02), rng.random(n))
    ]
    is_4a = kind == offences.NUMBER["STK4A"]
    becomes_4a = np.where(rng.random(n) < 0.1, offences.NUMBER["STK4A"], kind)
    other_section = np.where(is_4a, offences.NUMBER["STK2A"], becomes_4a)
    first = np.where(seen_at_once, np.where(rng.random(n) < 0.1, other_section, kind), wrong)
    return np.where(is_stalking, first, kind)


def _plain_outcome(rng: np.random.Generator, unknown: Flags) -> tuple[NDArray[np.str_], Floats]:
    """How crimes that no case follows end, and after how many days."""
    n = len(unknown)
    code = np.array(["16", "15", "18", "1", "3", "8", "14", ""])[
        np.where(
            unknown,
            pick((0, 0, 80, 0, 0, 0, 12, 8), rng.random(n)),
            pick((40, 32, 3, 11, 2, 3, 2, 7), rng.random(n)),
        )
    ].astype("U3")
    return code, np.where(code == "", np.inf, delays(rng, n, 30, 160))


def _outcome_at(created: Ints, after: Floats) -> Ints:
    at = created + np.minimum(after, 5000) * DAY
    return np.where(np.isfinite(after), at, NEVER_SECOND).astype(np.int64)


def _set_later(rng: np.random.Generator, flag: Flags, created: Ints, at_once: float, days: float) -> Ints:
    """When a flag was set: mostly at once, else after so many days on average; -1 where it never is."""
    n = len(flag)
    wait = np.where(rng.random(n) < at_once, 0, rng.exponential(days * DAY, n)).astype(np.int64)
    return np.where(flag, created + wait, NONE)


# ---------------------------------------------------------------------------- other crimes
def _of_careers(rng: np.random.Generator, world: World) -> Columns:
    """Other offences of the offenders, and what befell or was alleged of the victims."""
    offenders, victims = world.cast.offenders, world.cast.victims
    career = {name: world.lives.careers[name].to_numpy() for name in world.lives.careers.columns}
    offender, victim, kind, charged = career["offender"], career["victim"], career["kind"], career["charged"]
    n = len(kind)
    resident = rng.integers(0, RESIDENTS, n)
    own, alleged, befell = offender >= 0, victim <= -2, victim >= 0
    of_victim = np.where(alleged, -2 - victim, np.maximum(victim, 0))
    accused = np.where(alleged, victims.key[of_victim], resident)
    injured = np.where(befell, victims.key[of_victim], resident + 1)
    victimless = np.isin(kind, offences.VICTIMLESS)
    created = seconds(career["day"] + delays(rng, n, 0.4, 20))
    kind = coded(rng, kind, created, world.shock)
    code = np.array(["16", "15", "18", "3", "8", ""])[pick((30, 30, 22, 5, 6, 7), rng.random(n))]
    code = np.where(charged, "1", code)
    return {
        "offender": np.where(own, offenders.key[np.maximum(offender, 0)], accused),
        "victim": np.where(victimless, NONE, injured),
        "kind": kind,
        "created": created,
        "reported": created - 600,
        "occurred": seconds(career["day"]),
        "year_only": rng.random(n) < 0.012,
        "outcome": code.astype("U3"),
        "outcome_at": np.where(
            code == "", NEVER_SECOND, created + (delays(rng, n, 30, 160) * DAY).astype(np.int64)
        ),
        "ward": np.where(own, offenders.ward[np.maximum(offender, 0)], victims.ward[of_victim]),
        "place": pick((0.2, 0.15, 0.5, 0.15), rng.random(n)),
        "facts": KIND_MASK[kind],
        "named": own | alleged | (rng.random(n) < 0.3),
        "victim_ethnicity_missing": rng.random(n) < 0.35,
        "suspect_ethnicity_missing": rng.random(n) < 0.44,
        "charged": charged,
        "witness": rng.random(n) < 0.25,
    }


def _very_harmful(rng: np.random.Generator, world: World) -> Columns:
    courses, offenders, victims = world.cast.courses, world.cast.offenders, world.cast.victims
    severe = {name: world.lives.severe[name].to_numpy() for name in world.lives.severe.columns}
    offender, course, kind = severe["offender"], severe["course"], severe["kind"]
    n = len(kind)
    in_course, of_course = course >= 0, np.maximum(course, 0)
    victim = courses.victim[of_course]
    created = seconds(severe["day"] + delays(rng, n, 0.3, 12))
    victim_key = np.where(in_course, victims.key[victim], rng.integers(0, RESIDENTS, n))
    charged = severe["arrested"] & (rng.random(n) < 0.6)
    code = np.where(charged, "1", np.where(rng.random(n) < 0.5, "15", "16"))
    days = np.where(charged, rng.gamma(1.5, 40, n), rng.gamma(2.0, 90, n))
    return {
        "course": course,
        "offender": offenders.key[offender],
        "victim": victim_key,
        "kind": kind,
        "created": created,
        "reported": created - 900,
        "occurred": seconds(severe["day"]),
        "outcome": code.astype("U3"),
        "outcome_at": created + (days * DAY).astype(np.int64),
        "ward": np.where(in_course, victims.ward[victim], offenders.ward[offender]),
        "place": pick((0.45, 0.05, 0.4, 0.1), rng.random(n)),
        "domestic": in_course & courses.domestic[of_course],
        "weapon": np.isin(kind, offences.numbers("GBHI", "ATTMUR", "MURDER", "AGGBURG")),
        "facts": KIND_MASK[kind],
        "relationship": np.where(in_course & (rng.random(n) < 0.4), courses.relationship[of_course], NONE),
        "victim_ethnicity_missing": rng.random(n) < 0.2,
        "suspect_ethnicity_missing": rng.random(n) < 0.2,
        "mental_health": offenders.mental_health[offender],
        "charged": charged,
        "witness": rng.random(n) < 0.5,
    }


def _countered(rng: np.random.Generator, world: World) -> Columns:
    """Counter-allegations that became a crime of their own, in which victim and suspect swap roles."""
    cases, courses, offenders = world.cases, world.cast.courses, world.cast.offenders
    countered = cases.flag("counter_allegation") & cases.flag("suspect_identified")
    row = np.flatnonzero(countered & (rng.random(len(cases)) < rates.COUNTER_CRIME))
    n = len(row)
    course = cases.course[row]
    kind = offences.numbers("HAR", "MALCOM", "STK2A")[pick((0.45, 0.20, 0.35), rng.random(n))]
    created = cases.created[row] + rng.integers(DAY, 40 * DAY, n)
    code = np.array(["15", "16", "21", ""])[pick((55, 30, 6, 9), rng.random(n))]
    return {
        "course": course,
        "offender": cases.victim_key[row],
        "victim": cases.offender_key[row],
        "kind": kind,
        "created": created,
        "reported": created - 1200,
        "occurred": created - rng.integers(DAY, 30 * DAY, n),
        "outcome": code.astype("U3"),
        "outcome_at": np.where(code == "", NEVER_SECOND, created + rng.integers(2, 120, n) * DAY),
        "ward": offenders.ward[courses.offender[course]],
        "place": pick((0.5, 0.1, 0.3, 0.1), rng.random(n)),
        "domestic": courses.domestic[course],
        "facts": np.full(n, BIT["calls_or_texts"], dtype=np.int64),
        "victim_ethnicity_missing": rng.random(n) < 0.35,
        "suspect_ethnicity_missing": rng.random(n) < 0.44,
        "witness": rng.random(n) < 0.1,
    }


# ---------------------------------------------------------------------------- all of them together
def _as_taken_in(rng: np.random.Generator, crimes: Columns, number: Ints) -> Columns:
    """What the system adds to every crime, whatever it is."""
    n = len(number)
    domestic, kind, created = crimes["domestic"], crimes["kind"], crimes["created"]
    risky = np.isin(kind, offences.CONDUCT) | np.isin(kind, offences.VIOLENT)
    principal = _principal(crimes, number)
    lasted = np.where(rng.random(n) < 0.3, rng.exponential(9 * DAY, n), rng.exponential(1200.0, n))
    cancelled = rng.random(n) < 0.012
    return {
        "occurred_to": crimes["occurred"] + lasted.astype(np.int64),
        "cancelled_at": np.where(
            cancelled, created + (rng.exponential(20, n) * DAY).astype(np.int64) + 3600, NONE
        ),
        "channel": pick((0.69, 0.13, 0.07, 0.06, 0.05), rng.random(n)),
        "reported_by": pick((0.88, 0.09, 0.03), rng.random(n)),
        "team": np.where(
            domestic,
            pick((0.70, 0.12, 0.12, 0.05, 0.01), rng.random(n)),
            pick((0.04, 0.38, 0.40, 0.08, 0.10), rng.random(n)),
        ),
        "score": np.clip((4 + 3 * domestic + 4 * risky + rng.normal(0, 2.5, n)).astype(np.int64), 1, 20),
        "principal": principal,
        "theme": KIND_THEME[kind],
        "has_text": rng.random(n) < 0.97,
    }


def _principal(crimes: Columns, number: Ints) -> Ints:
    """The crime that stalking was recorded beside, while the rules asked for both; -1 elsewhere."""
    from_2018, until_2023 = (rates.day_number(rule) * DAY for rule in (rates.RULE_2018, rates.RULE_2023))
    beside = (
        pl.DataFrame(
            {
                "course": crimes["course"],
                "created": crimes["created"],
                "number": number,
                "stalking": np.isin(crimes["kind"], offences.STALKING),
            }
        )
        .sort("course", "created")
        .with_columns(
            before=pl.col("number").shift(1).over("course"),
            gap=pl.col("created") - pl.col("created").shift(1).over("course"),
        )
        .filter((pl.col("course") >= 0) & pl.col("stalking") & (pl.col("gap") < 14 * DAY))
        .filter((pl.col("created") >= from_2018) & (pl.col("created") < until_2023))
    )
    principal = np.full(len(number), NONE)
    principal[beside["number"].to_numpy() - FIRST_NUMBER] = beside["before"].to_numpy()
    return principal
