"""The world in motion: reports, police actions and very harmful offences, in steps of four weeks.

What has happened changes what happens next: reports excite reports, an arrest quietens, a record of
violence raises the hazard. Everything is drawn by chance from rates; nothing is filled up to a quota.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data_samples.chance import Columns, Ints, generator
from data_samples.courses import Cast
from data_samples.lives.careers import careers_of, earlier_reports
from data_samples.lives.cases import cases_of
from data_samples.lives.hazard import Drivers, hazard_of
from data_samples.lives.on_record import OnRecord
from data_samples.lives.reports import reports_of
from data_samples.lives.step import CONDUCT, CONTACT, INCIDENT, OTHER_CRIME, STEP, by_step, steps_of
from data_samples.lives.strikes import strikes_of
from data_samples.records import stack
from data_samples.shocks import Shock

__all__ = ["CONDUCT", "CONTACT", "INCIDENT", "OTHER_CRIME", "STEP", "Drivers", "Lives", "live"]


@dataclass(frozen=True)
class Lives:
    """All that happened to the people of the courses, and the hazard they lived under."""

    reports: pl.DataFrame  # one row per report inside a course
    careers: pl.DataFrame  # other offences of the offenders, and others against or by the victims
    severe: pl.DataFrame  # very harmful offences
    cases: pl.DataFrame  # one row per report recorded as a crime of conduct, with its investigation
    step_days: Ints  # the first day of each step
    predictor: NDArray[np.float32]  # [step, offender]: log hazard a step without the unseen part
    exposure: NDArray[np.float32]  # [step, offender]: share of the step at risk, times action factors
    drivers: list[Drivers]  # one for each step: what the predictor is made of


def live(seed: int, cast: Cast, shock: Shock) -> Lives:
    """Let the courses run from the burn-in to the end of the window."""
    rng = generator(seed, "lives")
    steps = steps_of(cast)
    careers = careers_of(cast, rng)
    career_by_step = by_step({name: careers[name].to_numpy() for name in careers.columns}, steps)
    earlier_by_step = by_step(earlier_reports(cast.courses, rng), steps)
    record = OnRecord(cast)
    shape = (len(steps), len(cast.offenders.key))
    predictor, exposure = np.zeros(shape, dtype=np.float32), np.zeros(shape, dtype=np.float32)
    drivers: list[Drivers] = []
    all_reports: list[Columns] = []
    all_cases: list[Columns] = []
    all_severe: list[Columns] = []
    for step, career, earlier in zip(steps, career_by_step, earlier_by_step, strict=True):
        hazard = hazard_of(step, cast, record, shock)
        drivers.append(hazard.drivers)
        predictor[step.number], exposure[step.number] = hazard.predictor, hazard.exposure
        struck = np.flatnonzero(rng.poisson(hazard.expected_strikes) > 0)
        reports = reports_of(rng, step, cast, record, shock, earlier)
        cases = cases_of(rng, step, cast, record, reports)
        strikes = strikes_of(rng, step, cast, struck)
        all_reports.append(reports.told(step.number))
        all_cases.append(cases.columns)
        all_severe.append(strikes)
        record.fade()
        record.add_reports(reports)
        record.add_partings(step)
        record.add_careers(career)
        record.add_strikes(strikes)
        record.add_actions(cases)
    return Lives(
        reports=pl.DataFrame(stack(all_reports)),
        careers=careers,
        severe=pl.DataFrame(stack(all_severe)),
        cases=pl.DataFrame(stack(all_cases)),
        step_days=np.array([step.begins for step in steps], dtype=np.int64),
        predictor=predictor,
        exposure=exposure,
        drivers=drivers,
    )
