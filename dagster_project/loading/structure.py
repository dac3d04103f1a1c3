"""How the records of a CSV file lie in its bytes: whether it is regular enough for a quick reader."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bytes = NDArray[np.uint8]

WINDOW: Final = 1 << 23
TAB, LINE_FEED, RETURN, SPACE, DELETE = 9, 10, 13, 32, 127
MANY: Final = 10_000
STRETCH: Final = 64
"""Lines from one mark to the next."""


@dataclass(frozen=True)
class Marks:
    """Where some of the lines begin, in rising order."""

    lines: Ints
    places: Ints


@dataclass
class Structure:
    """What the bytes show; what stands within quotes does not count."""

    lines: int = 0
    blank_lines: list[int] = field(default_factory=list[int])
    separators: int = 0
    control_lines: list[int] = field(default_factory=list[int])
    is_regular: bool = True
    marked: list[tuple[Ints, Ints]] = field(default_factory=list[tuple[Ints, Ints]])

    @property
    def marks(self) -> Marks:
        """The first line, one in every window, and every so many lines between them."""
        return Marks(*(np.concatenate(parts) for parts in zip(*self.marked, strict=True)))

    def lines_of(self, records: Ints) -> Ints:
        """The lines on which records stand, given by their ordinals below the header."""
        blank = np.array(self.blank_lines, dtype=np.int64)
        filled_before = blank - 1 - np.arange(len(blank))
        return records + 1 + np.searchsorted(filled_before, records + 1)

    @property
    def records(self) -> int:
        """Records below the header."""
        return max(0, self.lines - len(self.blank_lines) - 1)

    @property
    def control_records(self) -> list[int]:
        """Records with a control character, by their ordinal below the header."""
        return [line - 1 - bisect_left(self.blank_lines, line) for line in self.control_lines if line > 1]


def outside(places: Ints, quotes: Ints, quotes_before: int) -> Ints:
    """The places with an even number of quotes before them."""
    return places[(np.searchsorted(quotes, places) + quotes_before) % 2 == 0]


def look_at(data: Bytes, separator: int, quote: int) -> Structure:
    """Walk over a file in windows of bounded memory."""
    seen = Structure()
    walk = _Walk(data, separator, quote, seen)
    for start in range(walk.start, len(data), WINDOW):
        walk.window(start, min(start + WINDOW, len(data)))
    walk.end()
    return seen


class _Walk:
    """The state that goes from one window into the next."""

    def __init__(self, data: Bytes, separator: int, quote: int, seen: Structure) -> None:
        self._data, self._separator, self._quote, self._seen = data, separator, quote, seen
        self.start = 3 if data[:3].tobytes() == b"\xef\xbb\xbf" else 0
        self._quotes_before = 0
        self._line_start = self.start
        self._has_returns: bool | None = None
        seen.marked.append((np.array([1]), np.array([self.start])))

    def window(self, start: int, stop: int) -> None:
        """Where quotes open and close with cells, each line end outside quotes ends a record."""
        part = self._data[start:stop]
        quotes = np.flatnonzero(part == self._quote) + start
        low = np.flatnonzero(part < SPACE) + start
        self._check_quotes(quotes)
        self._count_separators(np.flatnonzero(part == self._separator) + start, quotes)
        signs = self._data[low]
        feeds, returns = low[signs == LINE_FEED], low[signs == RETURN]
        controls = low[(signs != LINE_FEED) & (signs != RETURN) & (signs != TAB)]
        if (part == DELETE).any():
            controls = np.sort(np.concatenate([controls, np.flatnonzero(part == DELETE) + start]))
        ends = self._outside(feeds, quotes)
        self._note_control(controls, ends)
        self._check_returns(self._outside(returns, quotes))
        self._count_lines(ends)
        self._quotes_before += len(quotes)

    def _outside(self, places: Ints, quotes: Ints) -> Ints:
        return outside(places, quotes, self._quotes_before)

    def _at(self, places: Ints) -> Bytes:
        """The bytes at these places; before the start and after the end stands a line feed."""
        inside = (places >= self.start) & (places < len(self._data))
        return np.where(inside, self._data[np.where(inside, places, 0)], LINE_FEED)

    def _check_quotes(self, quotes: Ints) -> None:
        opens = (np.arange(len(quotes)) + self._quotes_before) % 2 == 0
        before, after = self._at(quotes[opens] - 1), self._at(quotes[~opens] + 1)
        begins = np.isin(before, [self._separator, LINE_FEED, self._quote])
        ends = np.isin(after, [self._separator, LINE_FEED, RETURN, self._quote])
        self._seen.is_regular &= bool(begins.all() and ends.all())

    def _count_separators(self, separators: Ints, quotes: Ints) -> None:
        """Those outside quotes: every second stretch between one quote and the next."""
        edges = np.concatenate([[0], np.searchsorted(separators, quotes), [len(separators)]])
        self._seen.separators += int(np.diff(edges)[self._quotes_before % 2 :: 2].sum())

    def _note_control(self, controls: Ints, ends: Ints) -> None:
        """A file with very many of them has no line that can be trusted to be where it seems."""
        lines = np.unique(np.searchsorted(ends, controls)) + self._seen.lines + 1
        self._seen.control_lines += lines.tolist()
        self._seen.is_regular &= max(len(self._seen.control_lines), len(self._seen.blank_lines)) < MANY

    def _check_returns(self, returns: Ints) -> None:
        """Outside quotes a carriage return stands only before a line feed."""
        self._seen.is_regular &= bool((self._at(returns + 1) == LINE_FEED).all())
        if len(returns) and returns[-1] == len(self._data) - 1:
            self._seen.is_regular = False

    def _count_lines(self, feeds: Ints) -> None:
        """Every line ends as the first one does; blank lines are remembered."""
        if not len(feeds):
            return
        returned = self._at(feeds - 1) == RETURN
        returned &= feeds > self.start
        if self._has_returns is None:
            self._has_returns = bool(returned[0])
        self._seen.is_regular &= bool((returned == self._has_returns).all())
        ends = feeds - returned
        starts = np.concatenate([[self._line_start], feeds[:-1] + 1])
        blank = np.flatnonzero(starts == ends) + self._seen.lines + 1
        self._seen.blank_lines += blank.tolist()
        marked = np.arange(0, len(feeds), STRETCH)
        self._seen.marked.append((marked + self._seen.lines + 2, feeds[marked] + 1))
        self._seen.lines += len(feeds)
        self._line_start = int(feeds[-1]) + 1

    def end(self) -> None:
        """The last line may lack its end."""
        if self._quotes_before % 2:
            self._seen.is_regular = False
        if self._line_start < len(self._data):
            self._seen.lines += 1
