"""What all kinds of record are written from: the cast, and what happened to it, as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data_samples.chance import Columns, Flags, Floats, Ints, generator
from data_samples.course_records.reports import Reports, reports_of
from data_samples.course_records.said import Said, what_is_said
from data_samples.courses import Cast
from data_samples.lives import Lives
from data_samples.records import DAY, NONE, seconds
from data_samples.shocks import Shock

FIRST_NUMBER = 400_000_000  # numbers below are the background's


@dataclass(frozen=True)
class Cases:
    """The investigations, one entry each."""

    columns: Columns
    report: Ints  # the row of the report
    course: Ints
    created: Ints
    offender_key: Ints
    victim_key: Ints

    def __len__(self) -> int:
        return len(self.report)

    def flag(self, name: str) -> Flags:
        return self.columns[name].astype(bool)

    def days(self, name: str) -> Floats:
        """Days until something was done; infinite where it never was."""
        return self.columns[f"{name}_after"].astype(np.float64)

    def moment(self, name: str, rows: Ints) -> Ints:
        """When it was done, in these cases where it was."""
        return self.created[rows] + (np.minimum(self.days(name)[rows], 4000) * DAY).astype(np.int64)

    @property
    def suspect(self) -> Ints:
        return np.where(self.flag("suspect_identified"), self.offender_key, NONE)


@dataclass(frozen=True)
class World:
    """Everything that happened, before any system holds it."""

    seed: int
    cast: Cast
    lives: Lives
    shock: Shock
    reports: Reports
    said: Said
    entered: Ints  # the second at which each report stood in the crime system
    cases: Cases

    def chance(self, part: str) -> np.random.Generator:
        """Chance of its own for each kind of record, so that none depends on another."""
        return generator(self.seed, f"course records: {part}")


def see_world(seed: int, cast: Cast, lives: Lives, shock: Shock) -> World:
    """Bring together what the records are written from."""
    rng = generator(seed, "course records")
    reports = reports_of(cast, lives)
    said = what_is_said(rng, cast, reports)
    entered = seconds(reports.recorded + 0.02 + rng.exponential(0.05, len(reports.course)))
    return World(seed, cast, lives, shock, reports, said, entered, _cases(lives, reports, entered))


def _cases(lives: Lives, reports: Reports, entered: Ints) -> Cases:
    columns = {name: lives.cases[name].to_numpy() for name in lives.cases.columns}
    starts = np.asarray(
        np.searchsorted(lives.reports["step"].to_numpy(), np.arange(len(lives.step_days))), dtype=np.int64
    )
    report = starts[columns["step"]] + columns["row_in_step"]
    return Cases(
        columns=columns,
        report=report,
        course=columns["course"],
        created=entered[report],
        offender_key=reports.offender_key[report],
        victim_key=reports.victim_key[report],
    )
