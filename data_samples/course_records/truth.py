"""What is true of the crimes and cases of the courses, whatever the systems hold."""

from __future__ import annotations

import numpy as np
import polars as pl

from data_samples import offences
from data_samples.chance import Flags, Ints
from data_samples.conduct import BEHAVIOUR_BITS, BIT
from data_samples.course_records.crimes import Crimes
from data_samples.course_records.said import KIND_MASK
from data_samples.course_records.world import World

STILL_OPEN_DAYS = 30.0  # a further report this soon falls into the running investigation
_LEFT_OUT = ("step", "row_in_step", "facts", "course", "relationship", "recorded", "day")


def truth_of_offences(world: World, crimes: Crimes) -> pl.DataFrame:
    """One row a crime: who truly did it, and what was truly done."""
    records = {name: crimes.records[name].to_numpy() for name in _OFFENCE_COLUMNS}
    reported = crimes.report >= 0
    report = np.maximum(crimes.report, 0)
    kind, online = records["kind"], records["online"]
    facts = world.reports.facts[report]
    return pl.DataFrame(
        {
            "crime": crimes.number,
            "course_key": records["course"],
            "offender_key": np.where(reported, world.reports.offender_key[report], records["offender"]),
            "victim_key": records["victim"],
            "occurred": records["occurred"],
            "recorded": records["created"],
            "kind": kind,
            "is_stalking": np.isin(kind, offences.STALKING),
            "is_domestic": records["domestic"],
            "is_online": online,
            "place": np.where(online, 4, records["place"]),
            "behaviours": np.where(reported, world.said.behaviours[report], KIND_MASK[kind] & BEHAVIOUR_BITS),
            "escalation_victim": reported & ((facts & BIT["escalation_victim"]) > 0),
            "escalation_officer": reported & ((facts & BIT["escalation_officer"]) > 0),
            "harm_days": offences.HARM_DAYS[kind],
            "has_case": crimes.case >= 0,
        }
    )


_OFFENCE_COLUMNS = (
    "course", "offender", "victim", "occurred", "created", "kind", "domestic", "online", "place"
)  # fmt: skip


def truth_of_cases(world: World, crimes: Crimes) -> pl.DataFrame:
    """Everything the investigators knew or decided in each case."""
    course = world.cases.course
    columns = {
        "crime": crimes.of_case,
        "created": world.cases.created,
        "course_key": course,
        "continues_after_report": _followed_soon(world)[world.cases.report],
        "relationship_number": world.cast.courses.relationship[course],
    }
    return pl.DataFrame(columns).hstack(world.lives.cases.drop(_LEFT_OUT))


def _followed_soon(world: World) -> Flags:
    """Which reports are followed by another of the same course while the investigation still runs."""
    day, course = world.reports.recorded, world.reports.course
    order: Ints = np.lexsort((day, course))
    gap = np.full(len(day), np.inf)
    same = np.diff(course[order]) == 0
    gap[order[:-1][same]] = np.diff(day[order])[same]
    return gap < STILL_OPEN_DAYS
