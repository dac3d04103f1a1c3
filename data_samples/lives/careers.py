"""What happens outside the courses: the offenders' own careers, and what couples and victims lived before."""

from __future__ import annotations

import numpy as np
import polars as pl

from data_samples import offences, rates
from data_samples.chance import Columns, Flags, Floats, Ints, pick
from data_samples.courses import BURN_IN, Cast, Courses
from data_samples.shocks import NEVER

ADULT_DAYS = int(15 * 365.25)
PETTY = offences.numbers("THEFT", "SHOP", "VEH", "DRUGP", "PUBORD", "DAMAGE", "BURGO", "BURGD", "FRAUD")
VIOLENCE = offences.numbers("ASLT", "ABH", "GBH", "THRKILL", "STRANG", "SEXASL", "WEAP")
BEFELL = offences.numbers("THEFT", "VEH", "BURGD", "ASLT", "FRAUD", "DAMAGE", "PUBORD", "ABH")


def careers_of(cast: Cast, rng: np.random.Generator) -> pl.DataFrame:
    """Offences outside the courses, by day: a victim -1 is a resident, and -2 - v is alleged of victim v."""
    own = _own_offences(cast, rng)
    convictions = _convictions(cast, rng)
    parts = [
        _offences(own[0], -1, own[1], own[2], rng.random(len(own[0])) < 0.16),
        _offences(*convictions),
        _lived_by_victims(cast, rng, cast.victims.victimised_before, alleged=False),
        _lived_by_victims(cast, rng, cast.victims.alleged_before, alleged=True),
    ]
    together = pl.concat(parts)
    return together.filter(pl.col("day") < cast.end).sort("day", "offender", "victim", "kind")


def _offences(
    offender: Ints | int, victim: Ints | int, day: Floats, kind: Ints, charged: Flags
) -> pl.DataFrame:
    n = len(day)
    return pl.DataFrame(
        {
            "offender": np.broadcast_to(offender, n).astype(np.int64),
            "victim": np.broadcast_to(victim, n).astype(np.int64),
            "day": day,
            "kind": kind,
            "charged": charged,
        }
    )


def _own_offences(cast: Cast, rng: np.random.Generator) -> tuple[Ints, Floats, Ints]:
    """Who offended, when and how; careers fade with age."""
    people = cast.offenders
    first, last = cast.start - BURN_IN, cast.end
    adult = people.birth_day + ADULT_DAYS
    span = np.maximum(last - np.maximum(first, adult), 0) / 365.25
    rate = np.minimum(
        np.array(rates.CAREER_RATE)[people.kind] * rng.gamma(0.9, 1 / 0.9, len(span)), rates.CAREER_CAP
    )
    counts = rng.poisson(rate * span)
    who = np.repeat(np.arange(len(span)), counts)
    n = len(who)
    begins = np.maximum(first, adult)[who]
    day = begins + rng.beta(1.0, 1.25, n) * (last - begins)
    violent = rng.random(n) < np.array(rates.CAREER_VIOLENT)[people.kind][who]
    kind = np.where(
        violent,
        VIOLENCE[pick((50, 26, 3, 5, 3, 5, 8), rng.random(n))],
        PETTY[pick((18, 22, 12, 14, 16, 10, 3, 3, 2), rng.random(n))],
    )
    return who, day, kind


def _convictions(cast: Cast, rng: np.random.Generator) -> tuple[Ints, int, Floats, Ints, Flags]:
    """A person with a conviction has at least one charged offence before the first course."""
    people = cast.offenders
    adult = people.birth_day + ADULT_DAYS
    first_course = _first_course(cast.courses.offender, cast.courses, len(people.key))
    who = np.flatnonzero(people.convicted & (first_course < NEVER) & (first_course > adult + 30))
    n = len(who)
    room = np.minimum(1500, first_course[who] - adult[who] - 20)
    day = first_course[who] - 20 - rng.random(n) * room
    kind = np.where(
        rng.random(n) < 0.4,
        offences.numbers("ABH", "ASLT")[rng.integers(0, 2, n)],
        PETTY[rng.integers(0, len(PETTY), n)],
    )
    return who, -1, day, kind, np.ones(n, dtype=bool)


def _lived_by_victims(cast: Cast, rng: np.random.Generator, flag: Flags, *, alleged: bool) -> pl.DataFrame:
    """What befell victims, or was alleged of them, before their first course."""
    first_course = _first_course(cast.courses.victim, cast.courses, len(cast.victims.key))
    rows = np.flatnonzero(flag & (first_course < NEVER))
    room = np.minimum(1700.0, np.maximum(first_course[rows] - cast.start + 200, 200.0))
    day = first_course[rows] - 10 - rng.random(len(rows)) * room
    shares = (12, 4, 2, 40, 2, 16, 14, 10) if alleged else (14, 14, 10, 20, 6, 14, 12, 10)
    kind = BEFELL[pick(shares, rng.random(len(rows)))]
    return _offences(-1, -2 - rows if alleged else rows, day, kind, np.zeros(len(rows), dtype=bool))


def _first_course(person: Ints, courses: Courses, people: int) -> Floats:
    """The day each person's first course came to notice."""
    first = np.full(people, float(NEVER))
    np.minimum.at(first, person, courses.first_report)
    return first


def earlier_reports(courses: Courses, rng: np.random.Generator) -> Columns:
    """What a couple had reported before the course itself came to notice, by day."""
    partnered = courses.relationship <= 1
    mean = np.where(partnered, rates.BEFORE_REPORTS, np.where(courses.domestic, 0.3, 0.04))
    counts = np.minimum(rng.poisson(mean * (0.4 + 0.6 * courses.frailty)), 25)
    course = np.repeat(np.arange(len(counts)), counts)
    back = np.minimum(rng.exponential(420.0, len(course)), 1600.0)
    day = courses.first_report[course] - 1.0 - back
    what = pick(rates.BEFORE_KINDS, rng.random(len(course)))
    order = np.argsort(day, kind="stable")
    return {"course": course[order], "day": day[order], "what": what[order]}
