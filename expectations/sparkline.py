"""Small pictures of a trend as inline SVG, each with the same said in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

MOST_DELIVERIES = 26  # two years of cycles
WIDTH, HEIGHT, MARGIN = 150, 34, 4
SLOT, BAR = 10, 7

_DOTS = {True: "r='1.8' class='met'", False: "r='3.2' class='failed'"}


def trend(
    values: Sequence[tuple[float, bool]], low: float | None, high: float | None, said: Callable[[float], str]
) -> str:
    """A line over the deliveries between its bounds; what was not met stands out."""
    shown = values[-MOST_DELIVERIES:]
    if not shown:
        return "<small>nothing judged</small>"
    figures = [value for value, _ in shown]
    bounds = [bound for bound in (low, high) if bound is not None]
    least, most = min(figures + bounds), max(figures + bounds)
    span = (most - least) or 1.0

    def height(value: float) -> float:
        return HEIGHT - MARGIN - (value - least) / span * (HEIGHT - 2 * MARGIN)

    step = (WIDTH - 2 * MARGIN) / max(len(shown) - 1, 1)
    points = [
        (WIDTH - MARGIN - (len(shown) - 1 - at) * step, height(value)) for at, value in enumerate(figures)
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = "".join(
        f"<circle cx='{x:.1f}' cy='{y:.1f}' {_DOTS[is_met]}/>"
        for (x, y), (_, is_met) in zip(points, shown, strict=True)
    )
    dashes = "".join(
        f"<line x1='0' x2='{WIDTH}' y1='{height(bound):.1f}' y2='{height(bound):.1f}'/>" for bound in bounds
    )
    between = _between(figures, said)
    label = f"{_number(len(shown))}, {between}, latest {said(figures[-1])}"
    drawn = _drawn(WIDTH, label, f"{dashes}<polyline points='{line}'/>{dots}")
    return f"{drawn}<br><small>{escape(between)}</small>"


def by_delivery(raised: Sequence[tuple[int, int]]) -> str:
    """A bar for each delivery: how many critical expectations and how many warnings it raised."""
    shown = raised[-MOST_DELIVERIES:]
    if not shown:
        return "<small>none</small>"
    bars = "".join(_bar(at, critical, warnings) for at, (critical, warnings) in enumerate(shown))
    counts = [sum(critical > 0 for critical, _ in shown), sum(warnings > 0 for _, warnings in shown)]
    label = f"{_number(len(shown))}: {counts[0]} raised something critical, {counts[1]} a warning"
    return _drawn(SLOT * len(shown), label, bars)


def _bar(at: int, critical: int, warnings: int) -> str:
    kind, tall = ("critical", HEIGHT) if critical else ("warning", min(8 + 4 * warnings, HEIGHT - 6))
    if not critical and not warnings:
        kind, tall = "nothing", 3
    return f"<rect class='{kind}' x='{at * SLOT}' y='{HEIGHT - tall}' width='{BAR}' height='{tall}'/>"


def _between(figures: Sequence[float], said: Callable[[float], str]) -> str:
    least, most = said(min(figures)), said(max(figures))
    if len(figures) == 1:
        return least
    return f"always {most}" if least == most else f"{least} to {most}"


def _number(deliveries: int) -> str:
    return "1 delivery" if deliveries == 1 else f"{deliveries} deliveries"


def _drawn(width: int, label: str, shapes: str) -> str:
    """The frame of a picture, named for whoever does not see it."""
    told, size = escape(label), f"viewBox='0 0 {width} {HEIGHT}' width='{width}' height='{HEIGHT}'"
    return f"<svg {size} role='img' aria-label='{told}'><title>{told}</title>{shapes}</svg>"
