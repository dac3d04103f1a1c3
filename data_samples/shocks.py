"""A change in the world or its recording, with a start and a size, for monitoring to notice later."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from data_samples.chance import Floats

NEVER = 10**6  # a day beyond every horizon


@dataclass(frozen=True)
class Shock:
    """What changes, from which day on, and how much: size 1 is a change that anybody would notice."""

    name: str = "none"
    day: int = NEVER
    size: float = 0.0

    def felt(self, name: str, day: ArrayLike) -> Floats:
        """The size of this shock on each day: nothing before it, and nothing if it is another."""
        struck = (np.asarray(day, dtype=np.float64) >= self.day) & (self.name == name)
        return np.where(struck, self.size, 0.0)


CALM = Shock()
RULE_CHANGE = 0.4  # share of stalking that a new rule calls harassment again
CODING_SHIFT = 0.5  # share of common assaults that are coded as public order
FLAG_LOST = 0.3  # and of domestic flags that are no longer set
NEW_MIX = 0.25  # share of new offenders who are prolific petty offenders instead
OUTCOME_SHIFT = 1.0  # how much very harmful offending rises
