"""Which rows of a record a system delivers, and when each was entered."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import polars as pl

from data_samples.chance import Flags, Ints
from data_samples.records import NONE


def at_each(moments: Iterable[Ints]) -> tuple[Ints, Ints]:
    """One version of a record at each of its moments: rows and times, in order; -1 is no moment."""
    told = list(moments)
    row = np.concatenate([np.flatnonzero(when != NONE) for when in told])
    at = np.concatenate([when[when != NONE] for when in told])
    order = np.lexsort((at, row))
    return row[order], at[order]


def once_more(first: Ints, again: Flags, later: Ints) -> tuple[Ints, Ints]:
    """All records as first entered, and below them a second version of some: rows and times."""
    second = np.flatnonzero(again)
    return np.concatenate([np.arange(len(first)), second]), np.concatenate([first, later[second]])


def take(columns: dict[str, pl.Series], row: Ints) -> dict[str, pl.Series]:
    rows = pl.Series(row)
    return {name: column.gather(rows) for name, column in columns.items()}
