"""Single records out of a regular CSV file, found by their bytes: nobody reads the whole for a handful."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from dagster_project.contracts import FileLayout
from dagster_project.loading.straightening import LONGEST
from dagster_project.loading.structure import LINE_FEED, Bytes, Ints, Structure, outside

_DIGITS: Final = 32


@dataclass(frozen=True)
class Plain:
    """A CSV file as DuckDB reads it; an extract has no header, and each record's line before its cells."""

    path: Path
    layout: FileLayout
    encoding: str
    is_extract: bool = False

    @property
    def longest(self) -> int:
        """Bytes of a record at most."""
        return LONGEST + _DIGITS if self.is_extract else LONGEST


@dataclass(frozen=True)
class Records:
    """The records of a file; those that were moved out of it before still count."""

    path: Path
    layout: FileLayout
    structure: Structure
    recode: Callable[[bytes], bytes] | None = None
    moved: Sequence[int] = ()

    def copy(self, wanted: Ints, target: Path) -> None:
        """Write these records, given by their ordinals in rising order, each behind its ordinal."""
        data = np.memmap(self.path, dtype=np.uint8, mode="r")
        before = np.searchsorted(np.array(self.moved, dtype=np.int64), wanted)
        lines = self.structure.lines_of(wanted - before)
        with target.open("wb") as extract:
            for ordinal, record in zip(wanted.tolist(), self._of_lines(data, lines), strict=True):
                text = self.recode(record) if self.recode else record
                extract.write(b"%d%b%b\n" % (ordinal, self.layout.separator.encode(), text))

    def _of_lines(self, data: Bytes, lines: Ints) -> Iterator[bytes]:
        """What stands on each of these lines; a line may have line ends within quotes."""
        marks = self.structure.marks
        stretches = np.searchsorted(marks.lines, lines, side="right") - 1
        for stretch in np.unique(stretches).tolist():
            first = int(marks.lines[stretch])
            stop = marks.places[stretch + 1] if stretch + 1 < len(marks.places) else len(data)
            part = np.array(data[marks.places[stretch] : stop])
            quotes = np.flatnonzero(part == ord(self.layout.quote))
            ends = outside(np.flatnonzero(part == LINE_FEED), quotes, 0)
            starts = np.concatenate([[0], ends + 1])
            stops = np.append(ends, len(part))
            for line in lines[stretches == stretch].tolist():
                yield part[starts[line - first] : stops[line - first]].tobytes().removesuffix(b"\r")
