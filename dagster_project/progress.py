"""Shows how far a long piece of work has come: a bar for a person, a line now and then for a log."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

SECONDS_BETWEEN_LINES = 5.0
SPOKEN_FROM = 0.02  # of the rows: before that a rate says nothing about the time left


class ShownProgress:
    """Takes (stage, rows so far, rows expected) and shows rows, rate and time left on stderr."""

    def __init__(self, console: Console | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._console = console or Console(stderr=True, highlight=False)
        self._clock = clock
        self._started: float | None = None  # when the first rows of this count were told
        self._rows = 0
        self._last_line = float("-inf")
        self._stage = ""
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> ShownProgress:
        if self._console.is_terminal:
            self._bar = Progress(
                TextColumn("{task.description}"), BarColumn(), console=self._console, transient=True
            )
            self._bar.start()
            self._task = self._bar.add_task("starting", total=None)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, stage: str, rows_done: int, rows_expected: int) -> None:
        now = self._clock()
        if rows_expected and (self._started is None or rows_done < self._rows):  # another count begins
            self._started = now
        self._rows = rows_done
        line = describe(
            stage, rows_done, rows_expected, now - (now if self._started is None else self._started)
        )
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, description=line, completed=rows_done, total=rows_expected or None)
            return
        is_new_stage = stage != self._stage
        if is_new_stage or now - self._last_line >= SECONDS_BETWEEN_LINES:
            self._stage, self._last_line = stage, now
            self._console.print(line, soft_wrap=True)


def describe(stage: str, rows_done: int, rows_expected: int, seconds: float) -> str:
    """One line: the stage, and where rows are counted rows of rows, rows a second and time left."""
    if not rows_expected:
        return stage
    rate = rows_done / seconds if seconds > 0 else 0.0
    line = f"{stage}: {rows_done:,} of about {rows_expected:,} rows"
    if rate <= 0 or rows_done < SPOKEN_FROM * rows_expected:
        return line
    left = max(rows_expected - rows_done, 0) / rate
    return f"{line}, {rate:,.0f} rows a second, {_clock_time(left)} left"


def _clock_time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
