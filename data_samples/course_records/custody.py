"""Arrests and what followed: of cases, of very harmful offences, and of charged careers."""

from __future__ import annotations

import numpy as np
import polars as pl

from data_samples.chance import Columns, Flags, Ints, pick
from data_samples.course_records.crimes import Crimes
from data_samples.course_records.world import FIRST_NUMBER, World
from data_samples.records import ACCOUNTS, DAY, DISPOSALS, NONE, frame, seconds, stack

DENIED, NO_COMMENT, ADMITTED, COUNTERED = range(len(ACCOUNTS))
BAILED, REMANDED, _, _, CHARGED = range(len(DISPOSALS))


def custody_of(world: World, crimes: Crimes) -> pl.DataFrame:
    """Release is often missing, and a crime now and then."""
    rng = world.chance("custody")
    offenders = world.cast.offenders
    held = stack(
        [_of_cases(rng, world, crimes), _very_harmful(rng, world, crimes), _of_careers(rng, world, crimes)]
    )
    n = len(held["arrested"])
    arrested, remanded = held["arrested"], held["disposal"] == REMANDED
    offender = (held["detainee"] - offenders.key[0]) // 3 if n else held["detainee"]
    same_day = arrested + rng.integers(5 * 3600, 24 * 3600, n)
    released = np.where(remanded, held.pop("free_again"), same_day)
    not_entered = rng.random(n) < 0.38
    heard = arrested + rng.integers(3 * 3600, 20 * 3600, n)
    return frame(
        "custody",
        held
        | {
            "custody": FIRST_NUMBER + np.arange(n),
            "created": arrested + rng.integers(600, 3 * 3600, n),
            "crime": np.where(rng.random(n) < 0.25, NONE, held["crime"]),
            "mental_health": offenders.mental_health[offender] & (rng.random(n) < 0.7),
            "alcohol": rng.random(n) < 0.18,
            "drugs": offenders.substance[offender] & (rng.random(n) < 0.6),
            "self_harm": rng.random(n) < 0.08,
            "interviewed": np.where(held["account"] >= 0, heard, NONE),
            "disposed": arrested + rng.integers(8 * 3600, 26 * 3600, n),
            "released": np.where(not_entered, NONE, released),
            "notice": np.where(~not_entered & remanded & (rng.random(n) < 0.5), released - 7 * DAY, NONE),
            "ethnicity_missing": rng.random(n) < 0.10,
        },
    )


def _of_cases(rng: np.random.Generator, world: World, crimes: Crimes) -> Columns:
    cases = world.cases
    row = np.flatnonzero(cases.flag("arrested") & cases.flag("suspect_identified"))
    n = len(row)

    def flag(name: str) -> Flags:
        return cases.flag(name)[row]

    account = np.select(
        [flag("counter_allegation"), flag("no_comment"), flag("denied"), flag("interviewed")],
        [COUNTERED, NO_COMMENT, DENIED, ADMITTED],
        NONE,
    )
    arrested = (cases.created[row] + np.minimum(cases.days("arrest")[row], 2000) * DAY).astype(np.int64)
    disposal = np.select(
        [flag("remanded"), flag("bailed"), flag("charged")],
        [REMANDED, BAILED, CHARGED],
        pick((0, 0, 0.7, 0.3), rng.random(n)),
    )
    sentenced = flag("charged") & (rng.random(n) < 0.62) & (rng.random(n) < 0.35)
    days = np.clip(rng.gamma(1.5, 90, n), 14, 1300).astype(np.int64)
    sentenced_at = arrested + (rng.gamma(3.0, 60, n) * DAY).astype(np.int64)
    return {
        "detainee": cases.offender_key[row],
        "arrested": arrested,
        "kind": world.reports.kind[cases.report[row]],
        "crime": crimes.of_case[row],
        "account": account,
        "disposal": disposal,
        "sentence_days": np.where(sentenced, days, NONE),
        "sentenced": np.where(sentenced, sentenced_at, NONE),
        "free_again": arrested + rng.integers(5, 90, n) * DAY,
    }


def _very_harmful(rng: np.random.Generator, world: World, crimes: Crimes) -> Columns:
    severe = world.lives.severe
    row = np.flatnonzero(severe["arrested"].to_numpy())
    n = len(row)
    crime = crimes.of_severe[row]
    arrested = _created(crimes, crime) + rng.integers(3600, 3 * DAY, n)
    remanded = severe["remanded"].to_numpy()[row]
    until = seconds(np.maximum(severe["away_until"].to_numpy()[row], 0))
    sentence = np.maximum((until - arrested) // DAY * 2, 180)  # half of a sentence is served
    return {
        "detainee": world.cast.offenders.key[severe["offender"].to_numpy()[row]],
        "arrested": arrested,
        "kind": severe["kind"].to_numpy()[row],
        "crime": crime,
        "account": pick((0.6, 0.3, 0.1), rng.random(n)),
        "disposal": np.where(remanded, REMANDED, BAILED),
        "sentence_days": np.where(remanded, sentence, NONE),
        "sentenced": np.where(remanded, arrested + rng.integers(60, 300, n) * DAY, NONE),
        "free_again": until,
    }


def _of_careers(rng: np.random.Generator, world: World, crimes: Crimes) -> Columns:
    careers = world.lives.careers
    offender = careers["offender"].to_numpy()
    charged = careers["charged"].to_numpy() & (offender >= 0)
    row = np.flatnonzero(charged & (rng.random(len(offender)) < 0.8))
    n = len(row)
    crime = crimes.of_career[row]
    arrested = _created(crimes, crime) + rng.integers(600, 2 * DAY, n)
    sentenced = rng.random(n) < 0.15
    return {
        "detainee": world.cast.offenders.key[offender[row]],
        "arrested": arrested,
        "kind": careers["kind"].to_numpy()[row],
        "crime": crime,
        "account": pick((0.5, 0.2, 0.3), rng.random(n)),
        "disposal": np.full(n, CHARGED),
        "sentence_days": np.where(sentenced, 60, NONE),
        "sentenced": np.where(sentenced, arrested + 40 * DAY, NONE),
        "free_again": np.full(n, NONE),
    }


def _created(crimes: Crimes, crime: Ints) -> Ints:
    return crimes.records["created"].to_numpy()[crime - FIRST_NUMBER]
