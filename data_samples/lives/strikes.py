"""Very harmful offences: whom they strike, and what the police do at once."""

from __future__ import annotations

import numpy as np

from data_samples import offences, rates
from data_samples.chance import Columns, Ints, pick
from data_samples.courses import Cast
from data_samples.lives.happened import LONG_AGO
from data_samples.lives.step import STEP, Step


def strikes_of(rng: np.random.Generator, step: Step, cast: Cast, offender: Ints) -> Columns:
    """One very harmful offence by each of these offenders, mostly against the victim of the latest course."""
    n = len(offender)
    courses = cast.courses
    latest = np.full(len(cast.offenders.key), -1, dtype=np.int64)
    seen = np.flatnonzero(courses.first_report < step.ends)
    latest[courses.offender[seen]] = seen
    day = step.begins + rng.random(n) * STEP
    kind = offences.numbers(*rates.SEVERE_KINDS)[pick(tuple(rates.SEVERE_KINDS.values()), rng.random(n))]
    same_victim = (
        (latest[offender] >= 0)
        & (rng.random(n) < rates.SEVERE_SAME_VICTIM)
        & (kind != offences.NUMBER["ROB"])
    )
    arrested = rng.random(n) < rates.SEVERE_ARRESTED
    remanded = arrested & (rng.random(n) < rates.SEVERE_REMANDED)
    until = day + 3 + rng.exponential(rates.SEVERE_CUSTODY_DAYS, n)
    return {
        "offender": offender,
        "course": np.where(same_victim, latest[offender], -1),
        "day": day,
        "kind": kind,
        "arrested": arrested,
        "remanded": remanded,
        "away_until": np.where(remanded, until, LONG_AGO),
    }
