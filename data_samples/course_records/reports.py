"""The reports of all courses as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data_samples import offences
from data_samples.chance import Flags, Floats, Ints
from data_samples.courses import Cast
from data_samples.lives import CONDUCT, Lives
from data_samples.records import NONE


@dataclass(frozen=True)
class Reports:
    """One entry a report, in the order of the steps."""

    course: Ints
    offender: Ints  # where they stand in the cast
    victim: Ints
    offender_key: Ints
    victim_key: Ints
    day: Floats
    recorded: Floats
    what: Ints
    kind: Ints
    facts: Ints
    domestic: Flags
    hidden: Flags
    unknown: Flags  # nobody is named

    @property
    def is_conduct(self) -> Flags:
        return self.what == CONDUCT

    @property
    def is_crime(self) -> Flags:
        return self.kind >= 0

    @property
    def is_stalking(self) -> Flags:
        return np.isin(self.kind, offences.STALKING)

    @property
    def suspect(self) -> Ints:
        """Who is named, by person key; -1 where nobody is."""
        return np.where(self.unknown, NONE, self.offender_key)


def reports_of(cast: Cast, lives: Lives) -> Reports:
    """Look up who is who in each report."""
    courses = cast.courses
    told = {name: lives.reports[name].to_numpy() for name in lives.reports.columns}
    course = told["course"]
    offender, victim = courses.offender[course], courses.victim[course]
    return Reports(
        course=course,
        offender=offender,
        victim=victim,
        offender_key=cast.offenders.key[offender],
        victim_key=cast.victims.key[victim],
        day=told["day"],
        recorded=told["recorded"],
        what=told["what"],
        kind=told["kind"],
        facts=told["facts"],
        domestic=courses.domestic[course],
        hidden=courses.hidden[course],
        unknown=courses.unknown_offender[course],
    )
