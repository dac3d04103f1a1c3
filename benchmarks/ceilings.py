"""How well even a perfect forecast could do: both ceilings of a force, from its truth."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]
DECILES = 10


@dataclass(frozen=True)
class Ceiling:
    """One forecast of one outcome: what it should reach, what it reached, and how far it was off."""

    knowing: str
    horizon_days: int
    threshold: int
    people: int
    cut_offs: int
    positives: int
    base_rate: float
    expected_auc: float
    auc: float
    calibration_cut_offs: int
    forecast_events: float
    seen_events: int
    calibration_z: float
    worst_decile_z: float


def weighted_auc(score: Floats, positive: Floats, negative: Floats) -> float:
    """The chance that a positive outranks a negative, each row counting as both by its two weights.

    With the weights p and 1 - p this is the AUC that chance brings on average; with outcomes, the AUC seen.
    """
    order = np.argsort(score, kind="stable")
    _, tie = np.unique(score[order], return_inverse=True)
    wins = np.bincount(tie, weights=positive[order])
    losses = np.bincount(tie, weights=negative[order])
    below = np.cumsum(losses) - losses
    pairs = float(wins.sum() * losses.sum() - (positive * negative).sum())
    if pairs <= 0:
        return float("nan")
    tied = float((wins * losses).sum() - (positive * negative).sum())  # nobody is compared with themselves
    return (float((wins * below).sum()) + tied / 2) / pairs


def calibration_z(chance: Floats, happened: Floats) -> float:
    """How many standard deviations the events seen lie from those forecast."""
    spread = float(np.sqrt((chance * (1 - chance)).sum()))
    return float((happened - chance).sum()) / spread if spread > 0 else 0.0


def apart(cut_offs: pl.Series, horizon_days: int) -> pl.Series:
    """Cut-offs, from the last one back, whose horizons do not overlap: only those are independent trials."""
    kept: list[object] = []
    for cut_off in cut_offs.unique().sort(descending=True):
        if not kept or (kept[-1] - cut_off).days >= horizon_days:  # pyright: ignore
            kept.append(cut_off)
    return pl.Series(kept, dtype=cut_offs.dtype)


def measure(ceilings: pl.DataFrame) -> list[Ceiling]:
    """Both forecasts of each outcome whose time is over."""
    known = ceilings.drop_nulls("outcome").with_columns(pl.col("outcome").cast(pl.Float64))
    measured: list[Ceiling] = []
    for (horizon, threshold), rows in known.sort("horizon_days", "threshold").group_by(
        "horizon_days", "threshold", maintain_order=True
    ):
        independent = rows.filter(
            pl.col("cut_off").is_in(apart(rows["cut_off"], int(str(horizon))).implode())
        )
        for knowing, column in (("everything", "p_everything"), ("what was recorded", "p_recorded")):
            measured.append(
                _measure_one(rows, independent, knowing, column, int(str(horizon)), int(str(threshold)))
            )
    return measured


def _measure_one(
    rows: pl.DataFrame, independent: pl.DataFrame, knowing: str, column: str, horizon: int, threshold: int
) -> Ceiling:
    score, chance, outcome = (rows[name].to_numpy() for name in (column, "p_everything", "outcome"))
    forecast, happened = independent[column].to_numpy(), independent["outcome"].to_numpy()
    groups = np.array_split(np.argsort(forecast, kind="stable"), DECILES)
    return Ceiling(
        knowing=knowing,
        horizon_days=horizon,
        threshold=threshold,
        people=rows["person_key"].n_unique(),
        cut_offs=rows["cut_off"].n_unique(),
        positives=rows.filter(pl.col("outcome") == 1)["person_key"].n_unique(),
        base_rate=float(outcome.mean()) if len(outcome) else float("nan"),
        expected_auc=weighted_auc(score, chance, 1 - chance),
        auc=weighted_auc(score, outcome, 1 - outcome),
        calibration_cut_offs=independent["cut_off"].n_unique(),
        forecast_events=float(forecast.sum()),
        seen_events=int(happened.sum()),
        calibration_z=calibration_z(forecast, happened),
        worst_decile_z=max(
            (calibration_z(forecast[g], happened[g]) for g in groups if len(g)), key=abs, default=0.0
        ),
    )


def of_force(force: Path) -> list[dict[str, str | int | float]]:
    """The ceilings of a force that was made, as plain values."""
    return [asdict(one) for one in measure(pl.read_parquet(force / "truth" / "ceilings.parquet"))]
