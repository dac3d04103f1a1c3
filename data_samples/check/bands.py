"""How far a generated figure may lie from the published one: exact chance, then ten per cent more.

The error rate is family-wise: `ALPHA` is shared equally by all the figures that are decided. A share is
judged by the smaller of itself and its complement, both for the number of cases it needs and for the ten per
cent, so that "97% are" and "3% are not" get one verdict and 100% is not waved through for want of exceptions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, exp

from scipy.special import bdtr, bdtrik, ndtri, pdtr, pdtrik

ALPHA = 0.01
SLACK = 0.10
FEWEST = 100.0  # expected cases below which nothing is decided


@dataclass(frozen=True)
class Band:
    low: float
    high: float

    def holds(self, generated: float) -> bool:
        return self.low <= generated <= self.high


def binomial_counts(chance: float, cases: int, alpha: float) -> tuple[int, int]:
    """The counts that are neither improbably low nor improbably high: each tail beyond is under alpha / 2."""

    def up_to(count: int) -> float:
        return float(bdtr(count, cases, chance))

    def near(tail: float) -> float:
        return float(bdtrik(tail, cases, chance))

    return _quantile(alpha / 2, near, up_to), _quantile(1 - alpha / 2, near, up_to)


def poisson_counts(expected: float, alpha: float) -> tuple[int, int]:
    def up_to(count: int) -> float:
        return float(pdtr(count, expected))

    def near(tail: float) -> float:
        return float(pdtrik(tail, expected))

    return _quantile(alpha / 2, near, up_to), _quantile(1 - alpha / 2, near, up_to)


def _quantile(tail: float, near: Callable[[float], float], up_to: Callable[[int], float]) -> int:
    """The least count whose chance, with all below it, reaches the tail; `near` is off by one at most."""
    count = max(ceil(near(tail)), 0)
    return count - 1 if count and up_to(count - 1) >= tail else count


def share_expected(share: float, cases: int) -> float:
    """Cases on the rarer side: a share near one is known only by its exceptions."""
    return cases * min(share, 1 - share)


def share_band(share: float, cases: int, alpha: float) -> Band:
    if share > 0.5:
        mirrored = share_band(1 - share, cases, alpha)
        return Band(1 - mirrored.high, 1 - mirrored.low)
    low, high = binomial_counts(share, cases, alpha)
    return Band(low / cases * (1 - SLACK), high / cases * (1 + SLACK))


def count_band(expected: float, alpha: float) -> Band:
    low, high = poisson_counts(expected, alpha)
    return Band(low * (1 - SLACK), high * (1 + SLACK))


def change_expected(change: float, cases: int) -> float:
    return share_expected((1 + change) / (2 + change), cases)


def change_band(change: float, cases: int, alpha: float) -> Band:
    """Given both years' total, the later count is binomial; the band is on later over earlier, less one."""
    low, high = binomial_counts((1 + change) / (2 + change), cases, alpha)
    least = low / max(cases - low, 1) * (1 - SLACK)
    most = high / max(cases - high, 1) * (1 + SLACK)
    return Band(least - 1, most - 1)


def mean_band(mean: float, spread: float, cases: int, alpha: float) -> Band:
    """The mean of this many draws with the generated standard deviation is close to normal."""
    half = float(ndtri(1 - alpha / 2)) * spread / cases**0.5
    return Band((mean - half) * (1 - SLACK), (mean + half) * (1 + SLACK))


def odds_band(odds_ratio: float, error: float, alpha: float) -> Band:
    """The logarithm of a fitted odds ratio is close to normal around the true one."""
    half = float(ndtri(1 - alpha / 2)) * error
    return Band(odds_ratio * exp(-half) * (1 - SLACK), odds_ratio * exp(half) * (1 + SLACK))
