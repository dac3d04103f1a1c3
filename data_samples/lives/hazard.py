"""The hazard of very harmful offending, from what is on record as a step begins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data_samples import rates
from data_samples.chance import Floats, Ints
from data_samples.courses import Cast
from data_samples.lives.on_record import OnRecord
from data_samples.lives.step import STEP, Step
from data_samples.shocks import OUTCOME_SHIFT, Shock


@dataclass(frozen=True)
class Drivers:
    """The state of the offenders whose first course has begun, at the start of a step."""

    offender: Ints
    values: NDArray[np.float16]  # a column for each term of `rates.HAZARD`


@dataclass(frozen=True)
class Hazard:
    """The danger of each offender in one step."""

    drivers: Drivers
    predictor: Floats
    exposure: Floats
    expected_strikes: Floats


def hazard_of(step: Step, cast: Cast, record: OnRecord, shock: Shock) -> Hazard:
    """The hazard of every offender; only the expected strikes hold the unseen part."""
    offenders = cast.offenders
    state = record.drivers(float(step.begins))
    begun = record.pursued > 0
    rows = np.flatnonzero(begun)
    predictor = np.full(len(offenders.key), rates.HAZARD_BASE)
    for name, values in state.items():
        predictor = predictor + rates.HAZARD[name] * values
    predictor = predictor + np.where(begun, 0.0, rates.HAZARD_BEFORE_COURSE)
    grown = (step.begins - offenders.birth_day) > 15 * 365.25
    here = np.clip((step.ends - np.maximum(record.away_until, step.begins)) / STEP, 0.0, 1.0)
    exposure = record.action_factor(float(step.begins)) * grown * here
    lift = 1.0 + OUTCOME_SHIFT * shock.felt("outcome_shift", step.begins)
    unseen = rates.HAZARD_UNSEEN * offenders.unseen
    return Hazard(
        drivers=Drivers(rows, np.column_stack([v[rows] for v in state.values()]).astype(np.float16)),
        predictor=predictor,
        exposure=exposure,
        expected_strikes=np.exp(predictor + unseen) * exposure * lift,
    )
