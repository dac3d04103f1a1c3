"""Numbers as the extracts show them: references, times, dates and code words."""

from __future__ import annotations

from typing import cast

import numpy as np
import polars as pl
import pyarrow as pa

from data_samples.chance import Columns, Flags, Ints
from data_samples.records import NEVER_SECOND, NONE

_REFERENCE_ROOM = 1_000_000_000
_REFERENCE_STEP = 618_033_989  # odd and no multiple of five: every number has one reference and tells nothing


def references(prefix: str, numbers: Ints) -> pl.Series:
    """The local reference of each numbered record; none for -1."""
    hidden = (numbers * _REFERENCE_STEP + 271_828_182) % _REFERENCE_ROOM
    text = pl.Series(hidden + _REFERENCE_ROOM).cast(pl.String).str.slice(1)
    return only(numbers >= 0, prefix + text)


def instants(seconds: Ints) -> pl.Series:
    """Epoch seconds as local wall-clock time; none where it never happened."""
    known = (seconds > -(2**35)) & (seconds < NEVER_SECOND) & (seconds != NONE)
    return only(known, pl.Series(np.where(known, seconds, 0) * 1_000_000).cast(pl.Datetime("us")))


def dates(days: Ints) -> pl.Series:
    known = days != NONE
    return only(known, pl.Series(np.where(known, days, 0).astype(np.int32)).cast(pl.Date))


def labels(names: tuple[str, ...], numbers: Ints) -> pl.Series:
    """Code words by their numbers; none for -1."""
    return only(numbers >= 0, pl.Series(list(names)).gather(pl.Series(np.maximum(numbers, 0))))


def flags(values: Ints | Flags) -> pl.Series:
    return pl.Series(values.astype(bool))


def only(known: Flags, values: pl.Series) -> pl.Series:
    """The values where they are known, and nothing elsewhere."""
    nothing = pl.Series([None], dtype=values.dtype).new_from_index(0, len(values))
    return values.zip_with(pl.Series(known), nothing)


def arrays(made: pl.DataFrame) -> Columns:
    return {name: made[name].to_numpy() for name in made.columns}


def arrow_text(series: pl.Series) -> pa.StringArray:
    return cast(pa.StringArray, series.to_arrow().cast(pa.string()))
