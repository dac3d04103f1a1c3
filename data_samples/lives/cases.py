"""The investigations of a step: one for each report of conduct."""

from __future__ import annotations

import numpy as np

from data_samples import rates
from data_samples.chance import Columns, Ints, pick
from data_samples.courses import Cast
from data_samples.investigation import investigate
from data_samples.lives.happened import Cases, Reports
from data_samples.lives.on_record import OnRecord
from data_samples.lives.step import Step


def cases_of(rng: np.random.Generator, step: Step, cast: Cast, record: OnRecord, reports: Reports) -> Cases:
    """Draw the investigation of every report of conduct."""
    rows = np.flatnonzero(reports.is_conduct)
    on_operations = (reports.recorded[rows] >= rates.day_number(rates.OPERATIONS_FROM)) & (
        reports.stalking_class[rows]
    )
    adopted = tuple(rates.OPERATION_SHARE.values())
    shares = (1 - sum(adopted), *adopted)
    operation = np.where(on_operations, pick(shares, rng.random(len(rows))), 0)
    facts: Columns = {
        **_people(cast, reports, rows),
        **_history(cast, record, reports, rows),
        "operation": operation,
        "stalking_class": reports.stalking_class[rows],
        **{name: column[rows] for name, column in reports.conduct.items()},
    }
    columns = facts | investigate(rng, facts)
    columns |= {
        "day": reports.day[rows],
        "recorded": reports.recorded[rows],
        "row_in_step": rows,
        "step": np.full(len(rows), step.number),
    }
    return Cases(reports.offender[rows], reports.course[rows], reports.recorded[rows], columns)


def _people(cast: Cast, reports: Reports, rows: Ints) -> Columns:
    """Who the two are, and how they stand to each other."""
    courses, offenders, victims = cast.courses, cast.offenders, cast.victims
    course, recorded = reports.course[rows], reports.recorded[rows]
    suspect, victim, named = reports.offender[rows], reports.victim[rows], reports.offender_known[rows]
    return {
        "course": course,
        "domestic": courses.domestic[course],
        "relationship": courses.relationship[course],
        "unknown_offender": ~named,
        "children_together": courses.children[course],
        "is_hidden": courses.hidden[course],
        "victim_age": (recorded - victims.birth_day[victim]) / 365.25,
        "suspect_age": (recorded - offenders.birth_day[suspect]) / 365.25,
        "victim_male": victims.male[victim],
        "suspect_male": offenders.male[suspect] & named,
        "victim_ethnicity": victims.ethnicity[victim],
        "suspect_ethnicity": offenders.ethnicity[suspect],
        "victim_mental_health": victims.mental_health[victim],
        "victim_vulnerable": victims.vulnerable[victim],
        "suspect_mental_health": offenders.mental_health[suspect],
        "suspect_substance": offenders.substance[suspect],
        "suspect_previously_victim": (offenders.key[suspect] // 3) % 5 == 0,
    }


def _history(cast: Cast, record: OnRecord, reports: Reports, rows: Ints) -> Columns:
    """What was on record of the two before this report."""
    course, suspect, victim = reports.course[rows], reports.offender[rows], reports.victim[rows]
    earlier, rank = reports.earlier_conduct[rows] > 0, reports.rank[rows]
    return {
        "suspect_convictions": cast.offenders.convicted[suspect] & (record.allegations[suspect] > 0),
        "suspect_previous_allegations": (record.allegations[suspect] > 0) | (rank > 0),
        "suspect_previous_domestic": record.domestic_allegations[suspect] > 0,
        "victim_previous_any": (record.victim_crimes[victim] > 0) | earlier,
        "victim_previous_stalking": (record.victim_conduct[victim] > 0) | earlier,
        "victim_previous_same_suspect": earlier,
        "victim_previous_domestic": record.victim_domestic[victim] > 0,
        "victim_previous_allegations": record.victim_alleged[victim] > 0,
        "linked_reports": (record.course_reports[course] + rank) > 0,
    }
