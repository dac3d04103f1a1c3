"""What can be asked of a force, and the one clear line that says why it cannot be made."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

DEFAULT_END = date(2024, 12, 30)
"""The last day of a force unless told otherwise: fixed, so that the same arguments give the same bytes."""

FIRST_START = date(2012, 11, 25)
"""Stalking became an offence on this day; a force that began earlier would record what did not exist."""

LAST_END = date(2099, 12, 31)

SMALLEST = 0.001
LARGEST_SHOCK = 10.0
CYCLE_DAYS = 28

SHOCKS = ("none", "rule_change", "source_missing", "new_offender_mix", "coding_shift", "outcome_shift")


class ForceError(ValueError):
    """A force that cannot be made as asked; its text is one line for the person who asked."""


@dataclass(frozen=True)
class ForceOptions:
    """Everything that decides the bytes of a force, and where they go."""

    out: Path
    scale: float = 0.01
    focus: float | None = None
    seed: int = 1
    years: int = 10
    deliveries: int = 13
    end: date = DEFAULT_END
    shock: str = "none"
    shock_at: date | None = None
    shock_size: float = 1.0

    @property
    def effective_focus(self) -> float:
        """The focus in force: the scale, unless one was given."""
        return self.scale if self.focus is None else self.focus

    @property
    def start(self) -> date:
        """The first day of the force: so many calendar years before its end."""
        return _years_before(self.end, self.years)

    @property
    def history_end(self) -> date:
        """The day of the history delivery: all regular deliveries come after it."""
        return self.end - timedelta(days=CYCLE_DAYS * self.deliveries)

    def validate(self) -> None:
        """Raise ForceError, before anything is written, for the first thing that cannot be."""
        _check_share("--scale", self.scale)
        if self.focus is not None:
            _check_share("--focus", self.focus)
        _check_whole("--seed", self.seed, 0, 2**63 - 1)
        _check_whole("--years", self.years, 1, 100)
        _check_whole("--deliveries", self.deliveries, 1, 1300)
        self._check_days()
        self._check_shock()
        _check_out(self.out)

    def _check_days(self) -> None:
        if self.end <= FIRST_START:
            raise ForceError(
                f"--end {self.end} is before the start: no force can start before {FIRST_START},"
                " when stalking became an offence"
            )
        if self.end > LAST_END:
            raise ForceError(f"--end {self.end} is too far ahead: the last day possible is {LAST_END}")
        if self.end.year - self.years < FIRST_START.year or self.start < FIRST_START:
            raise ForceError(
                f"--years {self.years} before --end {self.end} is too early: no force can start before"
                f" {FIRST_START}, when stalking became an offence"
            )
        if self.history_end <= self.start:
            raise ForceError(
                f"--deliveries {self.deliveries} every {CYCLE_DAYS} days up to --end {self.end} would begin"
                f" on {self.history_end}, not after the start of the force on {self.start}: ask for fewer"
                " deliveries or more years"
            )

    def _check_shock(self) -> None:
        if self.shock not in SHOCKS:
            raise ForceError(f"--shock {self.shock!r} is unknown: choose one of {', '.join(SHOCKS)}")
        if not math.isfinite(self.shock_size) or not 0 < self.shock_size <= LARGEST_SHOCK:
            raise ForceError(
                f"--shock-size {self.shock_size:g} is out of range: above 0, up to {LARGEST_SHOCK:g}"
            )
        if self.shock == "none":
            if self.shock_at is not None:
                raise ForceError(f"--shock-at {self.shock_at} needs a --shock that is not none")
            return
        if self.shock_at is None:
            raise ForceError(f"--shock {self.shock} needs --shock-at, the day on which it starts")
        if not self.start <= self.shock_at <= self.end:
            raise ForceError(
                f"--shock-at {self.shock_at} is outside the force, which runs from {self.start} to {self.end}"
            )


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February in a year that has none
        return day.replace(year=day.year - years, day=28)


def _check_share(name: str, value: float) -> None:
    if not math.isfinite(value) or not SMALLEST <= value <= 1:
        raise ForceError(
            f"{name} {value:g} is out of range: a share of the full size, from {SMALLEST:g} to 1"
        )


def _check_whole(name: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise ForceError(f"{name} {value} is out of range: a whole number from {low} to {high}")


def _check_out(out: Path) -> None:
    """Refuse to write among what is already there, or where nothing can be written."""
    if str(out).startswith("-"):
        raise ForceError(f"--out needs a folder, and {str(out)!r} looks like an option")
    if "\0" in str(out):
        raise ForceError(f"--out {str(out)!r} is not a name that a folder can have")
    try:
        if out.is_symlink() and not out.exists():
            raise ForceError(f"--out {out} is a link that leads nowhere")
        if out.exists() and not out.is_dir():
            raise ForceError(f"--out {out} is a file: name a folder that is empty or does not exist yet")
        if out.is_dir() and any(out.iterdir()):
            raise ForceError(f"--out {out} is not empty: name a folder that is empty or does not exist yet")
        above = next((folder for folder in out.absolute().parents if folder.exists()), None)
        if above is not None and not above.is_dir():
            raise ForceError(f"--out {out} cannot be made: {above} is a file")
    except OSError as error:
        raise ForceError(f"--out {str(out)!r} cannot be used: {error.strerror}") from error
