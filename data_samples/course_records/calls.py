"""Calls about reports: contacts, and the logs of those that were sent to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from data_samples.chance import Ints, pick
from data_samples.course_records.crimes import Crimes
from data_samples.course_records.said import KIND_THEME, THEME, unless_unknown
from data_samples.course_records.world import FIRST_NUMBER, World
from data_samples.courses import OFFENDERS_FROM
from data_samples.lives import CONTACT, OTHER_CRIME
from data_samples.records import NONE, frame, seconds


@dataclass(frozen=True)
class Calls:
    """Contacts and logs, and the log of each report."""

    contacts: pl.DataFrame
    logs: pl.DataFrame
    log_of_report: Ints  # -1 where none was opened


def calls_of(world: World, crimes: Crimes) -> Calls:
    """Most reports came by telephone or in person; seven in ten of those opened a log."""
    rng = world.chance("calls")
    reports = world.reports
    heard = rng.random(len(reports.course)) < np.where(reports.what == CONTACT, 0.97, 0.85)
    row = np.flatnonzero(heard)
    n = len(row)
    at = seconds(reports.recorded[row]) - rng.integers(60, 5400, n)
    logged = rng.random(n) < 0.72
    log = np.where(logged, FIRST_NUMBER + np.arange(n), NONE)
    role = pick((0.85, 0.11, 0.0, 0.04), rng.random(n))
    caller = _callers(rng, reports.victim_key[row], role)
    tied = reports.is_crime[row] & (rng.random(n) < 0.6)
    crime = np.where(tied, crimes.of_report[row], NONE)
    category = pick((20, 10, 12, 14, 12, 8, 4, 4, 1, 7, 4, 4), rng.random(n))
    contacts = frame(
        "contacts",
        {
            "contact": FIRST_NUMBER + np.arange(n),
            "at": at,
            "created": at + rng.integers(20, 900, n),
            "channel": pick((0.22, 0.55, 0.05, 0.10, 0.08), rng.random(n)),
            "caller_role": role,
            "caller": caller,
            "category": np.where(rng.random(n) < 0.55, np.where(reports.domestic[row], 1, 0), category),
            "ward": world.cast.victims.ward[reports.victim[row]],
            "log": log,
            "crime": crime,
        },
    )
    log_of_report = np.full(len(reports.course), NONE)
    log_of_report[row] = log
    logs = _logs(rng, world, row[logged], log[logged], at[logged], caller[logged], crime[logged])
    return Calls(contacts, logs, log_of_report)


def _callers(rng: np.random.Generator, victim: Ints, role: Ints) -> Ints:
    """The victim, or a third party of the same household who may give no name."""
    anonymous = rng.random(len(victim)) < 0.12
    third = neighbours(victim)
    caller = np.where(role == 0, victim, third)
    return np.where((role == 3) & anonymous, NONE, caller)


def neighbours(victim: Ints) -> Ints:
    """Another of the same household; of the first household of the focus only two lie in the focus."""
    third = victim - victim % 3 + np.where(victim % 3 == 2, 0, 2)
    return np.where((victim >= OFFENDERS_FROM) & (third < OFFENDERS_FROM), OFFENDERS_FROM, third)


def _logs(
    rng: np.random.Generator, world: World, row: Ints, log: Ints, started: Ints, caller: Ints, crime: Ints
) -> pl.DataFrame:
    reports, domestic, is_crime = world.reports, world.reports.domestic[row], world.reports.is_crime[row]
    n = len(row)
    facts = _facts_of_logs(rng, world, row)
    closed = started + 1800 + rng.exponential(5 * 3600, n).astype(np.int64)
    created = started + rng.integers(5, 120, n)
    opening = pick((40, 0, 20, 30, 10), rng.random(n))
    closing = pick((0, 45, 35, 8, 6, 6), rng.random(n))
    priority = pick((0.18, 0.42, 0.25, 0.15), rng.random(n))
    flag = domestic & (rng.random(n) < 0.85)
    argument = domestic & (rng.random(n) < 0.35)
    theme = np.where(argument, THEME["domestic_argument"], THEME["harassment"])
    of_kind = KIND_THEME[np.maximum(reports.kind[row], 0)]
    return frame(
        "logs",
        {
            "log": log,
            "started": started,
            "created": created,
            "closed": closed,
            "opening": np.where(domestic, 1, opening),
            "closing": np.where(is_crime, 0, closing),
            "priority": priority,
            "ward": world.cast.victims.ward[reports.victim[row]],
            "caller": caller,
            "suspect": reports.suspect[row],
            "crime": crime,
            "domestic": flag,
            "theme": np.where(reports.what[row] == OTHER_CRIME, of_kind, theme),
            "facts": facts,
            "has_text": rng.random(n) < 0.60,
        },
    )


def _facts_of_logs(rng: np.random.Generator, world: World, row: Ints) -> Ints:
    """Each fact reaches the log or not."""
    some = rng.integers(0, 1 << 52, len(row))
    short = (world.reports.facts[row] & some) | world.said.circumstances[row]
    told = np.where(world.reports.is_crime[row], world.said.facts[row], short)
    reached = told & (some | rng.integers(0, 1 << 52, len(row)))
    return unless_unknown(reached, world.reports.unknown[row])
