"""The reports that a step brings in courses, and how each is recorded."""

from __future__ import annotations

import numpy as np

from data_samples import offences, rates
from data_samples.chance import Columns, Flags, Floats, Ints, pick
from data_samples.conduct import draw_conduct
from data_samples.courses import Cast, Courses, season
from data_samples.lives.happened import Reports
from data_samples.lives.on_record import OnRecord
from data_samples.lives.step import CONDUCT, CONTACT, INCIDENT, OTHER_CRIME, STEP, Step
from data_samples.shocks import RULE_CHANGE, Shock

_PLAIN = offences.numbers("HAR", "HARFV", "MALCOM", "CCB")  # conduct that is not recorded as stalking
_DISGUISE = offences.numbers("DAMAGE", "BURGD", "MALCOM", "HAR", "CCB", "THEFT")  # and conduct nobody sees


def reports_of(
    rng: np.random.Generator, step: Step, cast: Cast, record: OnRecord, shock: Shock, earlier: Columns
) -> Reports:
    """Draw the reports of a step: first and later ones of courses, and what couples reported earlier."""
    courses = cast.courses
    first = np.flatnonzero((courses.first_report >= step.begins) & (courses.first_report < step.ends))
    running = np.flatnonzero((courses.first_report < step.ends) & (courses.ended > step.begins))
    counts = np.minimum(rng.poisson(_rate(step, courses, record, running)), 14)
    course, day, what = _in_courses(rng, step, courses, first, np.repeat(running, counts))
    course = np.concatenate([course, earlier["course"]])
    day, what = np.concatenate([day, earlier["day"]]), np.concatenate([what, earlier["what"]])
    order = np.lexsort((what, day, course))
    course, day, what = course[order], day[order], what[order]
    recorded = day + _lag(rng, len(course))
    kind = _other_crime(rng, record, course, day, what)
    chance = _stalking_chance(courses, course, recorded, shock)
    stalking_class = (what == CONDUCT) & ~courses.hidden[course] & (rng.random(len(course)) < chance)
    conduct = draw_conduct(rng, courses.relationship[course], courses.technology_lean[course], stalking_class)
    conduct_kind = _conduct_kind(rng, courses, course, stalking_class, conduct)
    return Reports(
        course=course,
        offender=courses.offender[course],
        victim=courses.victim[course],
        domestic=courses.domestic[course],
        offender_known=~courses.unknown_offender[course],
        first=first,
        day=day,
        recorded=recorded,
        what=what,
        kind=np.where(what == CONDUCT, conduct_kind, kind),
        stalking_class=stalking_class,
        conduct=conduct,
        earlier_conduct=record.course_conduct[course] + _before_in_course(course, what == CONDUCT),
        rank=_before_in_course(course, what != CONTACT),
    )


def _rate(step: Step, courses: Courses, record: OnRecord, running: Ints) -> Floats:
    """Reports expected of each running course: lively ones, fresh ones, and those just heard of."""
    offender = courses.offender[running]
    age = np.maximum(step.middle - courses.first_report[running], 0.0)
    trend = courses.trend[running]
    by_age = np.select(
        [trend == 0, trend == 1], [np.exp(-age / 120), np.exp(-age / 700)], np.minimum(0.6 + age / 250, 2.0)
    )
    here = np.clip((step.ends - np.maximum(courses.first_report[running], step.begins)) / STEP, 0.0, 1.0)
    resting = (courses.pause_from[running] < step.middle) & (courses.pause_until[running] > step.middle)
    quiet = np.where(record.away_until[offender] < step.middle, 1.0, 0.35) * np.where(resting, 0.05, 1.0)
    return (
        rates.LATER_RATE * (courses.frailty[running] * by_age + rates.EXCITEMENT * record.excitement[running])
        * season(np.full(1, step.middle)) * record.action_factor(float(step.begins))[offender] * here * quiet
    )  # fmt: skip


def _in_courses(
    rng: np.random.Generator, step: Step, courses: Courses, first: Ints, later: Ints
) -> tuple[Ints, Floats, Ints]:
    """Course, day and kind of the first and the later reports."""
    course = np.concatenate([first, later])
    n = len(course)
    is_first = np.arange(n) < len(first)
    low = np.maximum(courses.first_report[course], step.begins)
    day = np.where(is_first, courses.first_report[course], low + rng.random(n) * (step.ends - low))
    what = pick(tuple(rates.LATER_KINDS.values()), rng.random(n))
    first_what = pick((rates.FIRST_IS_CONDUCT, 0.08, 0.08, 0.04), rng.random(n))
    what = np.where(is_first, first_what, what)
    together = courses.domestic[course] & ~courses.unknown_offender[course]
    return course, day, np.where((what == INCIDENT) & ~together, CONTACT, what)


def _lag(rng: np.random.Generator, n: int) -> Floats:
    """Days between what happened and its record: mostly hours, now and then months."""
    drawn = rng.random(n)
    return np.where(
        drawn < 0.78,
        rng.random(n) * 0.6,
        np.where(drawn < 0.96, rng.exponential(9.0, n), rng.exponential(120.0, n)),
    )


def _other_crime(rng: np.random.Generator, record: OnRecord, course: Ints, day: Floats, what: Ints) -> Ints:
    """The offence where another crime is reported, often a breach while an order is in force; else -1."""
    n = len(course)
    is_other = what == OTHER_CRIME
    other = offences.numbers(*rates.OTHER_CRIMES)[pick(tuple(rates.OTHER_CRIMES.values()), rng.random(n))]
    ordered = (record.order_from[course] < day) & (record.order_until[course] > day)
    breach = ordered & is_other & (rng.random(n) < 0.45)
    breach_kind = offences.numbers("NMOBR", "ROBR")[rng.integers(0, 2, n)]
    return np.where(breach, breach_kind, np.where(is_other, other, -1))


def _stalking_chance(courses: Courses, course: Ints, recorded: Floats, shock: Shock) -> Floats:
    by_rule = _recorded_as_stalking(recorded, courses.domestic[course], courses.district[course])
    return by_rule * (1 - RULE_CHANGE * np.minimum(shock.felt("rule_change", recorded), 2.0))


def _recorded_as_stalking(day: Floats, domestic: Flags, district: Ints) -> Floats:
    """The chance that conduct recorded on this day is recorded as stalking, by the rules of that day."""
    chance = np.zeros(len(day))
    early = day < rates.day_number(rates.date(2020, 10, 1))
    for name, rows in (("domestic", domestic), ("non_domestic", ~domestic)):
        days = np.array([rates.day_number(since) for since, _ in rates.RECORDED_AS_STALKING[name]])
        levels = np.array([level for _, level in rates.RECORDED_AS_STALKING[name]])
        level = levels[np.maximum(np.asarray(np.searchsorted(days, day, side="right"), np.int64) - 1, 0)]
        factor = np.where(early, np.array(rates.EARLY_DISTRICT[name])[district], 1.0)
        chance = np.where(rows, level * factor, chance)
    return chance


def _conduct_kind(
    rng: np.random.Generator, courses: Courses, course: Ints, stalking_class: Flags, conduct: Columns
) -> Ints:
    """The offence that conduct is recorded as."""
    n = len(course)
    plain = np.where(
        courses.domestic[course], pick((62, 12, 21, 5), rng.random(n)), pick((52, 8, 40, 0), rng.random(n))
    )
    disguise = pick((27, 14, 27, 18, 8, 6), rng.random(n))
    stalking = np.select(
        [conduct["is_order_breach"], conduct["is_4a"]],
        [offences.NUMBER["SPOBR"], offences.NUMBER["STK4A"]],
        offences.NUMBER["STK2A"],
    )
    unseen = np.where(courses.hidden[course], _DISGUISE[disguise], _PLAIN[plain])
    return np.where(stalking_class, stalking, unseen)


def _before_in_course(course: Ints, counts: Flags) -> Ints:
    """How many that count stand before each report of the same course in this step."""
    starts = np.asarray(np.searchsorted(course, course, side="left"), dtype=np.int64)
    before = np.cumsum(counts) - counts
    return before - before[starts]
