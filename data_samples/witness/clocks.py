"""Wall clocks, hours of the day and spans of time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from data_samples import chance
from data_samples.chance import Floats, Ints

Flags = NDArray[np.bool_]
DAY = 86_400


def _sunday(year: Ints, month: int) -> Ints:
    """The last Sunday of a month of 31 days, as days since 1970."""
    last = ((year - 1970) * 12 + month - 1).astype("datetime64[M]") + 1
    last_day = last.astype("datetime64[D]").astype(np.int64) - 1
    return last_day - (last_day + 4) % 7


def wall_clock(at: Ints) -> Ints:
    """No clock ever shows the hour that is skipped in March: it reads an hour more."""
    day = at // DAY
    maybe = np.flatnonzero(at - day * DAY - 3600 < 3600)
    maybe = maybe[at[maybe] - day[maybe] * DAY >= 3600]
    year = day[maybe].astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    skipped = maybe[day[maybe] == _sunday(year, 3)]
    shown = at.copy()
    shown[skipped] += 3600
    return shown


def instants(name: str, at: Ints) -> pl.Series:
    return pl.Series(name, at * 1_000_000).cast(pl.Datetime("us"))


def hours_table(weights: ArrayLike) -> Ints:
    """A table to look the start of an hour up in, so that drawing an hour is one gather."""
    return chance.pick(weights, (np.arange(4096) + 0.5) / 4096) * 3600


def time_of_day(random: np.random.Generator, hours: Ints, count: int) -> Ints:
    bits = random.integers(0, 4096 * 3600, count)
    return hours[bits // 3600] + bits % 3600


@dataclass(frozen=True)
class Spans:
    """Spans that do not overlap within their owner, in order of owner and time."""

    owner: Ints
    start: Ints
    end: Ints
    origin: Ints  # the row each came from

    @staticmethod
    def of(owner: Ints, start: Ints, end: Ints) -> Spans:
        """Sorted; one that begins before an earlier one of its owner has ended is left out."""
        order = np.lexsort((end, start, owner))
        owner, start, end = owner[order], start[order], end[order]
        last = np.maximum.accumulate((owner << 33) + end) if len(owner) else owner
        free = np.ones(len(owner), dtype=np.bool_)
        free[1:] = (owner[1:] << 33) + start[1:] >= last[:-1]
        return Spans(owner[free], start[free], end[free], order[free])

    @cached_property
    def _starts(self) -> Ints:
        return (self.owner << 33) + self.start

    @cached_property
    def _ends(self) -> Ints:
        return (self.owner << 33) + self.end

    def at(self, owner: Ints, when: Ints) -> Ints:
        """The span each moment falls in, or -1."""
        if not len(self.owner):
            return np.full(len(owner), -1, dtype=np.int64)
        moment = (owner << 33) + when
        found = np.searchsorted(self._starts, moment, side="right") - 1
        return np.where((found >= 0) & (moment < self._ends[found]), found, -1)

    def touching(self, owner: Ints, start: Ints, end: Ints) -> Flags:
        """Whether any span of the owner overlaps each stretch of time."""
        if not len(self.owner):
            return np.zeros(len(owner), dtype=np.bool_)
        after = np.searchsorted(self._starts, (owner << 33) + end, side="left") - 1
        return (after >= 0) & (self._ends[after] > (owner << 33) + start)

    def total(self, owners: int) -> Floats:
        return np.asarray(np.bincount(self.owner, self.end - self.start, owners), dtype=np.float64)


def count_between(moments: Ints, owner: Ints, start: Ints, end: Ints) -> Ints:
    """How many of the sorted (owner << 33) + time moments fall in each span."""
    before = np.searchsorted(moments, (owner << 33) + start, side="left")
    return np.searchsorted(moments, (owner << 33) + end, side="left") - before
