"""Intelligence about known offenders of courses."""

from __future__ import annotations

import numpy as np
import polars as pl

from data_samples.course_records.said import pick_theme
from data_samples.course_records.world import FIRST_NUMBER, World
from data_samples.records import DAY, NONE, frame


def intelligence_of(world: World) -> pl.DataFrame:
    """A report now and then, some days before a report; each fact is in it or not, mostly not."""
    rng = world.chance("intelligence")
    reports = world.reports
    row = np.flatnonzero((rng.random(len(reports.course)) < 0.09) & ~reports.unknown)
    n = len(row)
    event_day = (reports.day[row] - rng.exponential(12, n)).astype(np.int64)
    told = reports.facts[row] & rng.integers(0, 1 << 52, n) & rng.integers(0, 1 << 52, n)
    return frame(
        "intelligence",
        {
            "report": FIRST_NUMBER + np.arange(n),
            "event_day": event_day,
            "created": (event_day + 1) * DAY + (rng.exponential(16, n) * DAY).astype(np.int64),
            "subject": reports.offender_key[row],
            "other": np.where(rng.random(n) < 0.4, reports.victim_key[row], NONE),
            "theme": pick_theme(rng, n),
            "facts": told,
        },
    )
