"""Time in lives: steps of four weeks, and the kinds of report a step may bring."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from data_samples.chance import Columns
from data_samples.courses import BURN_IN, Cast

STEP = 28
CONDUCT, OTHER_CRIME, INCIDENT, CONTACT = range(4)


@dataclass(frozen=True)
class Step:
    """Four weeks: from the first day up to the day after the last."""

    number: int
    begins: int

    @property
    def ends(self) -> int:
        return self.begins + STEP

    @property
    def middle(self) -> float:
        return self.begins + STEP / 2


def steps_of(cast: Cast) -> list[Step]:
    """The steps of a force, counted back from its end, as cut-offs are."""
    count = -(-(cast.end - cast.start + BURN_IN) // STEP)
    return [Step(number, cast.end - STEP * (count - number)) for number in range(count)]


def by_step(columns: Columns, steps: list[Step]) -> list[Columns]:
    """Columns in the order of their `day`, cut into what falls into each step."""
    edges = [steps[0].begins, *(step.ends for step in steps)]
    cuts = np.asarray(np.searchsorted(columns["day"], edges), dtype=np.int64).tolist()
    return [{name: values[low:high] for name, values in columns.items()} for low, high in pairwise(cuts)]
