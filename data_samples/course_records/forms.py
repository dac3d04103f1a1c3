"""Risk forms of cases and of incidents: what was answered, and the grade it led to."""

from __future__ import annotations

import numpy as np
import polars as pl

from data_samples import rates
from data_samples.chance import Columns, Flags, Floats, Ints, delays
from data_samples.conduct import BIT
from data_samples.course_records.crimes import Crimes
from data_samples.course_records.incidents import incident_rows
from data_samples.course_records.world import FIRST_NUMBER, World
from data_samples.records import DAY, FORM_KINDS, NONE, QUESTIONS, frame, seconds, stack

DARA_FROM = rates.day_number(rates.date(2022, 3, 1))
DASH, SDASH, DARA, SASH, SCREEN, VPS = range(len(FORM_KINDS))
_WEIGHTS = {
    "frightened": 0.6, "controlling": 0.5, "escalating": 0.6, "strangled": 1.2, "weapons": 0.6,
    "threats_to_kill": 0.9, "suspect_suicide_threats": 0.4, "separated": 0.3,
}  # fmt: skip
_GRADES_FROM = (1.3, 2.9)  # medium, high
_ANY = 1 << 52  # a mask that keeps each fact or not


def forms_of(world: World, crimes: Crimes) -> pl.DataFrame:
    """Domestic cases have mostly a DASH or, later, a DARA; incidents mostly too; the others now and then."""
    rng = world.chance("forms")
    recorded = world.cases.columns["recorded"]
    domestic = world.cases.flag("domestic")
    n = len(recorded)
    screened = rng.random(n) < np.where(domestic, 0.86, 0.185)
    later = recorded >= DARA_FROM
    drawn = [
        _of_cases(rng, world, crimes, screened & ~later, DASH),
        _of_cases(rng, world, crimes, screened & later & domestic, DARA),
        _of_cases(rng, world, crimes, screened & later & ~domestic, DASH),
        _of_cases(rng, world, crimes, world.cases.flag("sdash"), SDASH),
        _of_cases(rng, world, crimes, rng.random(n) < 0.008, SASH),
        _of_cases(
            rng, world, crimes, (rng.random(n) < 0.05) & (recorded > DARA_FROM), SCREEN, thorough=False
        ),
        _of_cases(rng, world, crimes, rng.random(n) < 0.022, VPS, thorough=False),
        _of_incidents(rng, world),
    ]
    forms = stack(drawn)
    return frame("forms", forms | {"form": FIRST_NUMBER + np.arange(len(forms["crime"]))})


def _of_cases(
    rng: np.random.Generator,
    world: World,
    crimes: Crimes,
    chosen: Flags,
    kind: int,
    *,
    thorough: bool = True,
) -> Columns:
    case = np.flatnonzero(chosen)
    n = len(case)
    kept = rng.integers(0, _ANY, n) | rng.integers(0, _ANY, n) * thorough
    filled = _filled(rng, world, world.cases.report[case], np.full(n, kind), kept)
    return filled | {"crime": crimes.of_case[case], "incident": np.full(n, NONE)}


def _of_incidents(rng: np.random.Generator, world: World) -> Columns:
    row = incident_rows(world)
    chosen = np.flatnonzero(rng.random(len(row)) < 0.8)
    n = len(chosen)
    kept = rng.integers(0, _ANY, n)
    kind = np.where(world.reports.recorded[row[chosen]] < DARA_FROM, DASH, DARA)
    filled = _filled(rng, world, row[chosen], kind, kept)
    return filled | {"crime": np.full(n, NONE), "incident": FIRST_NUMBER + chosen}


def _filled(rng: np.random.Generator, world: World, row: Ints, kind: Ints, kept: Ints) -> Columns:
    """One form for each of these reports, in which only the kept facts are told."""
    reports = world.reports
    n = len(row)
    truths = _truths(rng, world, row)
    answers, unanswered = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    for bit, question in enumerate(QUESTIONS):
        said = np.where(rng.random(n) < 0.08, rng.random(n) < 0.5, truths[question])
        answers |= np.where(said, 1 << bit, 0)
    for bit in range(len(QUESTIONS)):
        unanswered |= np.where(rng.random(n) < 0.12, 1 << bit, 0)
    weight = _weight(answers) + rng.normal(0, 0.8, n)
    completed = seconds(reports.recorded[row] + delays(rng, n, 0.3, 6))
    facts = reports.facts[row]
    return {
        "form_kind": kind,
        "victim": reports.victim_key[row],
        "suspect": reports.suspect[row],
        "completed": completed,
        "created": completed + rng.integers(300, DAY, n),
        "grade": np.where(kind == VPS, NONE, np.digitize(weight, _GRADES_FROM)),
        "answers": answers,
        "unanswered": unanswered,
        "facts": facts & kept & ~BIT["escalation_officer"],
        "regraded": np.where(rng.random(n) < 0.02, completed + 5 * DAY, NONE),
    }


def _truths(rng: np.random.Generator, world: World, row: Ints) -> dict[str, Flags]:
    """The true answer to every question."""
    offenders, courses = world.cast.offenders, world.cast.courses
    n, course, offender = len(row), world.reports.course[row], world.reports.offender[row]

    def told(*codes: str) -> Flags:
        return (world.reports.facts[row] & sum(int(BIT[code]) for code in codes)) > 0

    return {
        "frightened": told("fear"),
        "injured": told("physical_assault"),
        "isolated": rng.random(n) < 0.2,
        "suicidal_thoughts": rng.random(n) < 0.1,
        "separated": courses.relationship[course] == 0,
        "child_contact": courses.children[course] & (rng.random(n) < 0.5),
        "pregnant": rng.random(n) < 0.04,
        "constant_contact": told("calls_or_texts", "surveillance"),
        "controlling": told("controlling_or_coercive"),
        "escalating": told("escalation_victim"),
        "strangled": told("strangulation"),
        "weapons": told("weapon", "weapon_used"),
        "threats_to_kill": told("threat_physical"),
        "sexual_harm": told("threat_sexual", "sexual_contact"),
        "substance_misuse": offenders.substance[offender],
        "suspect_suicide_threats": told("threat_self_harm", "suicide_threat"),
        "order_breached": told("order_breach"),
        "police_history": offenders.convicted[offender],
    }


def _weight(answers: Ints) -> Floats:
    weight = np.zeros(len(answers))
    for question, worth in _WEIGHTS.items():
        weight += worth * ((answers >> QUESTIONS.index(question)) & 1)
    return weight
