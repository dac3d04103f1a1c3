"""How well anybody could know: the chance of very harmful offending given everything, and given the records.

The hazard of a step is known exactly. What a person's hazard will sum to over a horizon depends on a future
that chance has still to draw, so its expectation is fitted on the force itself, by a log-linear model of the
state at the cut-off, scaled to be right in each twentieth. The unseen part of the danger is then either known
(everything) or integrated out over what the past has shown of it (the records). Tests hold both calibrated.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from data_samples import offences, rates
from data_samples.chance import Flags, Floats, Ints
from data_samples.courses import Cast
from data_samples.lives import STEP, Lives

IN_VIEW_DAYS = 730
HORIZONS = (365, 730)
ADULT_DAYS = 18 * 365.25
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(21)
_TWENTIETHS = 20
_SLICE = 50_000


@dataclass(frozen=True)
class _Rows:
    """One entry per member of the cohort and cut-off."""

    step: Ints
    offender: Ints


def _cohort(cast: Cast, lives: Lives, crimes: pl.DataFrame, steps: Ints) -> _Rows:
    """Who has been named as suspect of a stalking offence, known as such, in the two years before."""
    stalking = crimes.filter(
        pl.col("kind").is_in(offences.STALKING.tolist()) & pl.col("named") & (pl.col("offender") >= 10**12)
    )
    known = np.maximum(stalking["created"].to_numpy(), stalking["reclassified"].to_numpy()) / 86_400
    recorded = stalking["created"].to_numpy() / 86_400
    offender = (
        (stalking["offender"].to_numpy() - cast.offenders.key[0]) // 3
        if stalking.height
        else np.zeros(0, np.int64)
    )
    own = offender < len(cast.offenders.key)
    known, recorded, offender = known[own], recorded[own], offender[own]
    step_of: list[Ints] = []
    member: list[Ints] = []
    for step in steps.tolist():
        day = float(lives.step_days[step])
        rows = (known < day) & (recorded >= day - IN_VIEW_DAYS)
        people = np.unique(offender[rows])
        people = people[day - cast.offenders.birth_day[people] >= ADULT_DAYS]
        step_of.append(np.full(len(people), step))
        member.append(people)
    if not step_of:
        return _Rows(np.zeros(0, np.int64), np.zeros(0, np.int64))
    return _Rows(np.concatenate(step_of), np.concatenate(member))


def _state(lives: Lives, rows: _Rows) -> Floats:
    """What was on record of each member at the cut-off."""
    state = np.zeros((len(rows.step), len(rates.HAZARD)))
    for step in np.unique(rows.step).tolist():
        here = np.flatnonzero(rows.step == step)
        known = lives.drivers[int(step)]
        state[here] = known.values[np.asarray(np.searchsorted(known.offender, rows.offender[here]))]
    return state


def _latent(cast: Cast, lives: Lives, rows: _Rows) -> Floats:
    """What only the force's maker knows of a person's courses: how lively they are and where they lead."""
    courses = cast.courses
    columns = np.zeros((len(rows.step), 3))
    for step in np.unique(rows.step).tolist():
        day = float(lives.step_days[step])
        running = np.flatnonzero((courses.first_report < day) & (courses.ended > day))
        lively = np.zeros((len(cast.offenders.key), 3))
        np.add.at(lively[:, 0], courses.offender[running], np.log1p(courses.frailty[running]))
        np.add.at(
            lively[:, 1], courses.offender[running], (courses.trend[running] == 2) * courses.frailty[running]
        )
        np.add.at(lively[:, 2], courses.offender[running], 1.0)
        here = rows.step == step
        columns[here] = np.log1p(lively[rows.offender[here]])
    return columns


def _expected(features: Floats, start: Floats, realised: Floats, weight: Floats, ripe: Flags) -> Floats:
    """The expected sum of the hazard over the horizon, as a function of the state at the cut-off."""
    usable = ripe & (realised > 0) & (weight > 0)
    if usable.sum() < 400:
        ratio = realised[usable].sum() / start[usable].sum() if usable.any() else 1.0
        return start * ratio
    design = np.column_stack([np.ones(len(start)), np.log(start), features])
    middle, spread = design[usable].mean(axis=0), design[usable].std(axis=0)
    middle[0] = 0.0
    design = (design - middle) / np.where(spread > 1e-9, spread, 1.0)
    root = np.sqrt(weight[usable])[:, None]
    target = np.log(realised[usable])[:, None] * root
    left = design[usable] * root
    ridge = 1e-3 * len(left) / 1000 * np.eye(design.shape[1])
    gram: Floats = left.T @ left + ridge
    moments: Floats = left.T @ target
    solved: Floats = np.asarray(np.linalg.solve(gram, moments), dtype=np.float64)
    fitted = np.exp((design @ solved)[:, 0])
    whole = ripe & (weight > 0)
    edges = np.quantile(fitted[whole], np.linspace(0, 1, _TWENTIETHS + 1)[1:-1])
    bin_of = np.asarray(np.searchsorted(edges, fitted), dtype=np.int64)
    ones = np.bincount(bin_of[whole], weights=weight[whole] * fitted[whole], minlength=_TWENTIETHS)
    true = np.bincount(bin_of[whole], weights=weight[whole] * realised[whole], minlength=_TWENTIETHS)
    return fitted * (true / np.maximum(ones, 1e-12))[bin_of]


def ceilings(cast: Cast, lives: Lives, crimes: pl.DataFrame) -> pl.DataFrame:
    """One row per cut-off, person, horizon and threshold: both chances, and what came of it."""
    steps = np.flatnonzero(lives.step_days >= cast.start + 365)
    rows = _cohort(cast, lives, crimes, steps)
    if not len(rows.step):
        return pl.DataFrame(schema=_SCHEMA)
    unseen = rates.HAZARD_UNSEEN * cast.offenders.unseen
    hazard = np.exp(lives.predictor.astype(np.float64)) * lives.exposure
    cumulative = np.zeros((hazard.shape[0] + 1, hazard.shape[1]))
    np.cumsum(hazard, axis=0, out=cumulative[1:])
    severe_off, severe_day = lives.severe["offender"].to_numpy(), lives.severe["day"].to_numpy()
    severe_harm = offences.HARM_DAYS[lives.severe["kind"].to_numpy()]
    struck = np.zeros((hazard.shape[0] + 1, hazard.shape[1]), dtype=np.int16)
    severe_step = np.clip(
        ((severe_day - lives.step_days[0]) // STEP).astype(np.int64), 0, len(lives.step_days) - 1
    )
    np.add.at(struck, (severe_step + 1, severe_off), 1)
    np.cumsum(struck, axis=0, out=struck)
    past_count = struck[rows.step, rows.offender].astype(np.float64)
    past_hazard = cumulative[rows.step, rows.offender]
    now = np.exp(lives.predictor[rows.step, rows.offender].astype(np.float64))
    recorded_state = np.column_stack(
        [_state(lives, rows), lives.exposure[rows.step, rows.offender].astype(np.float64)]
    )
    everything_state = np.column_stack([recorded_state, _latent(cast, lives, rows)])
    day = lives.step_days[rows.step]
    extreme = sum(
        share
        for kind, share in rates.SEVERE_KINDS.items()
        if offences.HARM_DAYS[offences.NUMBER[kind]] >= rates.EXTREMELY_HARMFUL
    )
    extreme /= sum(rates.SEVERE_KINDS.values())
    parts: list[pl.DataFrame] = []
    cut_off = pl.Series((day).astype(np.int32)).cast(pl.Date)
    for horizon in HORIZONS:
        ahead = horizon / STEP
        whole, part = int(ahead), ahead - int(ahead)
        last = np.minimum(rows.step + whole, len(lives.step_days))
        tail = np.minimum(rows.step + whole, len(lives.step_days) - 1)
        realised = cumulative[last, rows.offender] - past_hazard + part * hazard[tail, rows.offender]
        ripe = day + horizon <= cast.end
        survived = struck[last, rows.offender] == struck[rows.step, rows.offender]
        weight = np.where(survived & ripe, np.exp(realised * np.exp(unseen[rows.offender])), 0.0)
        start = now * ahead
        all_known = _expected(everything_state, start, realised, weight, ripe)
        on_record = _expected(recorded_state, start, realised, weight, ripe)
        for threshold in (rates.VERY_HARMFUL, rates.EXTREMELY_HARMFUL):
            share = 1.0 if threshold == rates.VERY_HARMFUL else extreme
            everything = 1 - np.exp(-share * all_known * np.exp(unseen[rows.offender]))
            recorded = _on_record(past_count, past_hazard, share * on_record)
            outcome = _followed(rows, day, horizon, severe_off, severe_day, severe_harm >= threshold)
            parts.append(
                pl.DataFrame(
                    {
                        "cut_off": cut_off,
                        "person_key": cast.offenders.key[rows.offender],
                        "horizon_days": np.full(len(day), horizon, dtype=np.int16),
                        "threshold": np.full(len(day), threshold, dtype=np.int16),
                        "p_everything": everything.astype(np.float32),
                        "p_recorded": recorded.astype(np.float32),
                        "outcome": pl.Series(outcome).zip_with(
                            pl.Series(ripe), pl.Series([None], dtype=pl.Boolean).new_from_index(0, len(day))
                        ),
                    }
                )
            )
    return pl.concat(parts)


def _on_record(past_count: Floats, past_hazard: Floats, ahead: Floats) -> Floats:
    """The chance with the unseen part integrated out over what the past has shown of it.

    Fewer strikes than the hazard led to expect make a person's unseen part likely to be low, and more high.
    """
    danger = np.exp(rates.HAZARD_UNSEEN * _NODES)
    chance = np.zeros(len(ahead))
    for low in range(0, len(ahead), _SLICE):
        part = slice(low, low + _SLICE)
        belief = _WEIGHTS * np.exp(
            rates.HAZARD_UNSEEN * np.outer(past_count[part], _NODES) - np.outer(past_hazard[part], danger)
        )
        belief /= belief.sum(axis=1, keepdims=True)
        chance[part] = (belief * -np.expm1(-np.outer(ahead[part], danger))).sum(axis=1)
    return chance


def _followed(rows: _Rows, day: Ints, horizon: int, offender: Ints, when: Floats, counts: Flags) -> Flags:
    """Whether an offence that counts followed within the horizon: looked up in one sorted list."""
    width = 1_000_000.0
    line = np.sort(offender[counts] * width + when[counts])
    low = np.searchsorted(line, rows.offender * width + day, side="left")
    high = np.searchsorted(line, rows.offender * width + day + horizon, side="left")
    return high > low


_SCHEMA = {
    "cut_off": pl.Date,
    "person_key": pl.Int64,
    "horizon_days": pl.Int16,
    "threshold": pl.Int16,
    "p_everything": pl.Float32,
    "p_recorded": pl.Float32,
    "outcome": pl.Boolean,
}


def expected_auc(chance: Floats) -> float:
    """The AUC to be expected when these chances are the truth, with no luck of the draw in it."""
    order = np.argsort(chance, kind="stable")
    sorted_chance = chance[order]
    quiet_before = np.concatenate([[0.0], np.cumsum(1 - sorted_chance)[:-1]])
    return float(
        (sorted_chance * quiet_before).sum()
        / (chance.sum() * (1 - chance).sum() - (chance * (1 - chance)).sum())
    )
