"""Small pictures as inline SVG: bars, curves and dumbbells, legible on paper and without colour."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import log10
from typing import Final

from dagster_project.exploring.profile import CURVE, BadlyRecorded, Count, Lag
from dagster_project.exploring.wording import duration, percent, short_count

WIDTH: Final = 300
HEIGHT: Final = 142
SHORTEST_DAYS: Final = 1 / 1440
LONGEST_DAYS: Final = 1_461.0
LAG_TICKS: Final = (
    (1 / 1440, "1 min"),
    (1 / 24, "1 h"),
    (1.0, "1 d"),
    (7.0, "1 w"),
    (30.44, "1 mo"),
    (365.25, "1 y"),
)


def picture(width: int, height: int, title: str, parts: Sequence[str], kind: str = "") -> str:
    """One SVG that scales with its column; the title is what a screen reader says."""
    return (
        f'<svg class="{kind}" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    """A label."""
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{escape(words)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, kind: str = "grid") -> str:
    """A straight line."""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>'


def bar(x: float, y: float, width: float, height: float, kind: str, told: str = "") -> str:
    """A bar; what it says in full appears under the pointer."""
    inside = f"<title>{escape(told)}</title>" if told else ""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0.5):.1f}" height="{max(height, 0.5):.1f}"'
        f' class="{kind}">{inside}</rect>'
    )


def bars(counts: Sequence[Count], title: str, width: int = WIDTH, height: int = HEIGHT) -> str:
    """Upright bars with their labels below and the highest count at the top."""
    if not counts:
        return ""
    left, bottom, top = 34.0, 20.0, 12.0
    most = max(max(count.rows for count in counts), 1)
    step, tall = (width - left) / len(counts), height - bottom - top
    parts = [line(left, top, width, top), line(left, top + tall / 2, width, top + tall / 2)]
    parts += [
        text(left - 5, top + 4, short_count(most), "tick", "end"),
        text(left - 5, top + tall / 2 + 4, short_count(most // 2), "tick", "end"),
    ]
    every = -(-len(counts) // 7)
    for index, count in enumerate(counts):
        tallness = tall * count.rows / most
        x = left + index * step
        told = f"{count.label}: {count.rows:,} rows"
        parts.append(bar(x + step * 0.12, top + tall - tallness, step * 0.76, tallness, "bar", told))
        if index % every == 0:
            parts.append(text(x + step / 2, height - 6, count.label, "tick", "middle"))
    return picture(width, height, title, [*parts, line(left, top + tall, width, top + tall, "axis")], "chart")


def every_year(counts: Sequence[Count], span: Sequence[Count]) -> list[Count]:
    """A bar's place for each year between the first and the last of the span, rows or none."""
    rows = {count.label: count.rows for count in counts}
    years = [int(count.label) for count in span]
    return (
        [Count(str(year), rows.get(str(year), 0)) for year in range(min(years), max(years) + 1)]
        if years
        else []
    )


def sparkbars(counts: Sequence[Count], title: str, width: int = 110, height: int = 22) -> str:
    """Bars without a word, for a cell of a table."""
    if not counts:
        return ""
    most, step = max(max(count.rows for count in counts), 1), width / len(counts)
    parts = [
        bar(
            i * step + 0.6,
            height - (height - 2) * c.rows / most,
            step - 1.2,
            (height - 2) * c.rows / most,
            "bar",
        )
        for i, c in enumerate(counts)
    ]
    return picture(width, height, title, parts, "spark")


def lag_curve(lag: Lag, width: int = WIDTH, height: int = HEIGHT) -> str:
    """The share of rows recorded within a time, the time on a logarithmic axis."""
    left, bottom, top, right = 34.0, 20.0, 12.0, 16.0
    wide, tall = width - left - right, height - bottom - top
    parts = [line(left, top + tall * (1 - y), width - right, top + tall * (1 - y)) for y in (0.5, 0.9, 1.0)]
    parts += [text(left - 5, top + tall * (1 - y) + 4, f"{y:.0%}", "tick", "end") for y in (0.0, 0.5, 0.9)]
    for days, label in LAG_TICKS:
        x = left + wide * _along(days)
        parts += [line(x, top, x, top + tall), text(x, height - 6, label, "tick", "middle")]
    points = [
        (left + wide * _along(days), top + tall * (1 - y)) for y, days in zip(CURVE, lag.days, strict=True)
    ]
    parts.append(line(left, top + tall, width - right, top + tall, "axis"))
    parts.append(_path([(points[0][0], top + tall), *points], "curve"))
    for quantile, word in ((0.5, "half"), (0.9, "nine in ten")):
        x, y = points[CURVE.index(quantile)]
        side = (x - 7, "end") if x > left + wide * 0.55 else (x + 7, "start")
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.2" class="dot"/>']
        told = f"{word}: {duration(lag.days[CURVE.index(quantile)])}"
        parts += [text(side[0], y - 5 if side[1] == "end" else y + 13, told, "note", side[1])]
    return picture(width, height, f"How soon {lag.column} is recorded", parts, "chart")


def lag_by_year(lag: Lag, width: int = WIDTH, height: int = HEIGHT) -> str:
    """Median and ninetieth percentile of the lag in each year, on a logarithmic axis."""
    if len(lag.by_year) < 2:
        return ""
    left, bottom, top, right = 36.0, 20.0, 12.0, 84.0
    wide, tall = width - left - right, height - bottom - top
    ends = [year.median_days for year in lag.by_year] + [year.ninetieth_days for year in lag.by_year]
    low, high = _along(min(ends)) - 0.06, _along(max(ends)) + 0.06

    first, last = lag.by_year[0].year, lag.by_year[-1].year

    def at(year: int, days: float) -> tuple[float, float]:
        x = left + wide * (year - first) / (last - first)
        return x, top + tall * (1 - (_along(days) - low) / (high - low))

    parts: list[str] = []
    for days, label in LAG_TICKS:
        if low <= _along(days) <= high:
            y = at(first, days)[1]
            parts += [line(left, y, width - right, y), text(left - 5, y + 4, label, "tick", "end")]
    parts += [
        text(at(year, 1)[0], height - 6, str(year), "tick", "middle")
        for year in range(first, last + 1, (last - first) // 5 + 1)
    ]
    middle = [at(year.year, year.median_days) for year in lag.by_year]
    ninetieth = [at(year.year, year.ninetieth_days) for year in lag.by_year]
    parts += [_path(ninetieth, "curve light"), _path(middle, "curve")]
    parts += [
        text(width - right + 6, ninetieth[-1][1] + 4, "nine in ten", "note"),
        text(width - right + 6, max(middle[-1][1] + 4, ninetieth[-1][1] + 16), "half", "note"),
    ]
    parts.append(line(left, top + tall, width - right, top + tall, "axis"))
    return picture(width, height, f"Days to record {lag.column}, by year", parts, "chart")


def dumbbell(one: BadlyRecorded, width: int = 190, height: int = 18) -> str:
    """The group's share blank against everybody else's, from 0 to 100 per cent."""
    left, right, middle = 6.0, width - 6.0, height / 2
    a, b = (left + (right - left) * part for part in (one.share_of_others, one.share))
    return picture(
        width,
        height,
        f"{percent(one.share)} against {percent(one.share_of_others)}",
        [
            line(left, middle, right, middle),
            line(a, middle, b, middle, "gap"),
            f'<circle cx="{a:.1f}" cy="{middle}" r="3.6" class="others"/>',
            f'<circle cx="{b:.1f}" cy="{middle}" r="4.2" class="group"/>',
        ],
        "spark",
    )


def share_bar(part: float, kind: str = "bar", width: int = 64, height: int = 9) -> str:
    """A share as a short bar in its frame."""
    filled = bar(0, 0, width * part, height, kind) if part > 0 else ""
    return picture(width, height, percent(part), [bar(0, 0, width, height, "frame"), filled], "spark")


def digits(counts: Sequence[int], width: int = 64, height: int = 18) -> str:
    """How often each last digit occurs."""
    return sparkbars([Count(str(i), n) for i, n in enumerate(counts)], "last digits 0 to 9", width, height)


def _along(days: float) -> float:
    """Where a time lies between a minute and four years, logarithmically."""
    kept = min(max(days, SHORTEST_DAYS), LONGEST_DAYS)
    return (log10(kept) - log10(SHORTEST_DAYS)) / (log10(LONGEST_DAYS) - log10(SHORTEST_DAYS))


def _path(points: Sequence[tuple[float, float]], kind: str) -> str:
    told = " ".join(f"{'M' if index == 0 else 'L'}{x:.1f},{y:.1f}" for index, (x, y) in enumerate(points))
    return f'<path d="{told}" class="{kind}"/>'
