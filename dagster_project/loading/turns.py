"""Files that are worked on side by side pass some places in their order."""

from __future__ import annotations

import math
from collections.abc import Generator
from contextlib import contextmanager
from threading import Condition


class Abandoned(Exception):
    """A file before this one failed: what it says is what counts."""


class Turns:
    """A place that file 0 passes first, then file 1, and so on."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._next = 0
        self._failed = math.inf

    def wait(self, number: int) -> None:
        """Until all files before this one have passed."""
        with self._changed:
            self._changed.wait_for(lambda: self._next >= number or self._failed < number)
            if self._next < number:
                raise Abandoned

    @contextmanager
    def turn(self, number: int) -> Generator[None]:
        """What no two files do at once."""
        self.wait(number)
        yield
        with self._changed:
            self._next = number + 1
            self._changed.notify_all()

    def stop(self, number: int) -> None:
        """This file will never pass; those behind it need not wait."""
        with self._changed:
            self._failed = min(self._failed, number)
            self._changed.notify_all()
