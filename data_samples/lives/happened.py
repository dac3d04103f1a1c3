"""What one step brings, as later steps and the records need it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data_samples.chance import Columns, Flags, Floats, Ints
from data_samples.lives.step import CONDUCT, CONTACT

LONG_AGO = -1e9


@dataclass(frozen=True)
class Reports:
    """The reports of one step, by course and day."""

    course: Ints
    offender: Ints
    victim: Ints
    domestic: Flags
    offender_known: Flags
    first: Ints  # courses that came to notice in this step
    day: Floats
    recorded: Floats
    what: Ints
    kind: Ints  # the offence recorded, -1 where none is
    stalking_class: Flags
    conduct: Columns
    earlier_conduct: Floats  # reports of conduct in the same course before this one
    rank: Ints  # formal reports of the same course before this one, within the step

    @property
    def is_conduct(self) -> Flags:
        return self.what == CONDUCT

    @property
    def is_crime(self) -> Flags:
        return self.kind >= 0

    @property
    def is_formal(self) -> Flags:
        """A call alone leaves no report that another could be linked to."""
        return self.what != CONTACT

    def told(self, step: int) -> Columns:
        """The columns that are kept for the records."""
        n = len(self.course)
        return {
            "step": np.full(n, step),
            "row_in_step": np.arange(n),
            "course": self.course,
            "day": self.day,
            "recorded": self.recorded,
            "what": self.what,
            "kind": self.kind,
            "facts": self.conduct["facts"],
        }


@dataclass(frozen=True)
class Cases:
    """The cases of one step: who is in them, and everything that was known, done and decided."""

    offender: Ints
    course: Ints
    recorded: Floats
    columns: Columns

    @property
    def suspect_known(self) -> Flags:
        return ~self.columns["unknown_offender"] & self.columns["suspect_identified"].astype(bool)
