"""Figures as a person reads them."""

from __future__ import annotations

from typing import Final

_UNITS: Final = ((365.25, "y"), (30.44, "mo"), (1.0, "d"), (1 / 24, "h"), (1 / 1440, "min"))


def percent(part: float) -> str:
    """A share; nought and all only where it is exactly so."""
    if part in {0, 1}:
        return f"{part:.0%}"
    if part < 0.001:
        return "<0.1%"
    if part > 0.999:
        return ">99.9%"
    return f"{part:.1%}" if part < 0.1 or part > 0.99 else f"{part:.0%}"


def cell_percent(part: float) -> str:
    """A share in the two or three letters of a heat table's cell."""
    if part == 0:
        return ""
    if part < 0.005:
        return "·"
    return "100" if part == 1 else str(min(round(part * 100), 99))


def duration(days: float) -> str:
    """Days in the unit that suits them."""
    for size, unit in _UNITS:
        if abs(days) >= size:
            value = days / size
            return f"{value:.0f} {unit}" if abs(value) >= 10 else f"{value:.1f} {unit}"
    return f"{days * 86_400:.0f} s"


def short_count(rows: int) -> str:
    """A count in a few letters."""
    for size, letter in ((1_000_000, "M"), (1_000, "k")):
        if rows >= size:
            return f"{rows / size:.1f}{letter}" if rows < 10 * size else f"{rows / size:.0f}{letter}"
    return str(rows)


def plural(count: int, word: str) -> str:
    """A count and its word."""
    return f"{count:,} {word}" + ("" if count == 1 else "s")


def times(factor: float) -> str:
    """How many times as much; beyond a thousand the figure says no more than the word."""
    if factor >= 1_000:
        return "over a thousand times"
    return f"{factor:,.0f} times" if factor >= 10 else f"{factor:.1f} times"
