"""The records that the people of the courses leave behind, and the truth about each of them."""

from __future__ import annotations

from dataclasses import dataclass

from data_samples.course_records.actions import actions_of
from data_samples.course_records.calls import calls_of
from data_samples.course_records.crimes import crimes_of
from data_samples.course_records.custody import custody_of
from data_samples.course_records.forms import forms_of
from data_samples.course_records.incidents import incidents_of
from data_samples.course_records.intelligence import intelligence_of
from data_samples.course_records.notes import notes_of
from data_samples.course_records.orders import orders_of
from data_samples.course_records.truth import truth_of_cases, truth_of_offences
from data_samples.course_records.world import see_world
from data_samples.courses import Cast
from data_samples.lives import Lives
from data_samples.records import Frames
from data_samples.shocks import Shock

__all__ = ["CourseRecords", "Frames", "records_of_courses"]


@dataclass(frozen=True)
class CourseRecords:
    """Records by kind, and the truth tables that only the courses have."""

    records: Frames
    truth: Frames


def records_of_courses(seed: int, cast: Cast, lives: Lives, shock: Shock) -> CourseRecords:
    """Write down what the systems hold of the people of the courses."""
    world = see_world(seed, cast, lives, shock)
    crimes = crimes_of(world)
    calls = calls_of(world, crimes)
    records = {
        "crimes": crimes.records,
        "contacts": calls.contacts,
        "logs": calls.logs,
        "incidents": incidents_of(world, calls.log_of_report),
        "forms": forms_of(world, crimes),
        "custody": custody_of(world, crimes),
        "notes": notes_of(world, crimes),
        "actions": actions_of(world, crimes),
        "orders": orders_of(world, crimes),
        "intelligence": intelligence_of(world),
    }
    truth = {"offences": truth_of_offences(world, crimes), "cases": truth_of_cases(world, crimes)}
    return CourseRecords(records, truth)
