"""Domestic incidents without an offence."""

from __future__ import annotations

import numpy as np
import polars as pl

from data_samples.chance import Ints, pick
from data_samples.conduct import BIT
from data_samples.course_records.world import FIRST_NUMBER, World
from data_samples.lives import INCIDENT
from data_samples.records import NONE, frame, seconds


def incident_rows(world: World) -> Ints:
    """The reports that are incidents; the n-th of them is incident FIRST_NUMBER + n."""
    return np.flatnonzero(world.reports.what == INCIDENT)


def incidents_of(world: World, log_of_report: Ints) -> pl.DataFrame:
    rng = world.chance("incidents")
    reports, courses = world.reports, world.cast.courses
    row = incident_rows(world)
    n, course = len(row), reports.course[row]
    return frame(
        "incidents",
        {
            "incident": FIRST_NUMBER + np.arange(n),
            "occurred": seconds(reports.day[row]),
            "created": world.entered[row],
            "ward": world.cast.victims.ward[reports.victim[row]],
            "victim": reports.victim_key[row],
            "other": reports.offender_key[row],
            "relationship": np.where(rng.random(n) < 0.55, courses.relationship[course], NONE),
            "grade": pick((0.55, 0.33, 0.12), rng.random(n)),
            "children": courses.children[course] & (rng.random(n) < 0.7),
            "log": log_of_report[row],
            "facts": world.said.circumstances[row]
            | np.where(rng.random(n) < 0.3, BIT["controlling_or_coercive"], 0),
        },
    )
