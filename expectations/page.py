"""What the gates found, as one page that stands alone: no script, nothing fetched, no value of a cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, cast

import pandas as pd

from expectations.suites import Expectation, Facts, Rows, Suite

STYLE = Path(__file__).with_name("page.css")
WIDTH, HEIGHT, MARGIN = 150, 28, 3
MOST_POINTS = 26  # two years of cycles

_DOTS = {True: "r='1.6' class='met'", False: "r='3' class='failed'"}
_HEAD = (
    "<thead><tr><th scope='col'>Expectation</th><th scope='col'>Latest result</th>"
    "<th scope='col'>Over the deliveries</th></tr></thead>"
)
_STATES = {
    "failed": "✕ not met",
    "met": "✓ met",
    "unjudged": "too few to judge",
    "never": "not yet judged",
}


@dataclass(frozen=True)
class Asked:
    """One expectation with what it found, delivery by delivery, in order of receipt."""

    expectation: Expectation
    history: pd.DataFrame

    @property
    def last(self) -> Mapping[str, Any] | None:
        """The result of the latest delivery in which there was enough to judge by, else of the latest."""
        judged = self.history[self.history["is_met"].notna()]
        best = judged if len(judged) else self.history
        return cast("Mapping[str, Any]", best.iloc[-1].to_dict()) if len(best) else None

    @property
    def state(self) -> str:
        if self.last is None:
            return "never"
        if pd.isna(self.last["is_met"]):
            return "unjudged"
        return "met" if self.last["is_met"] else "failed"

    @property
    def times_failed(self) -> int:
        return int(self.history["is_met"].eq(False).fillna(False).sum())


def render(results: pd.DataFrame, suites: Mapping[str, Suite], banner: str = "") -> str:
    """The whole page; `banner` is said at its top and foot, for data that is not real."""
    asked = {source: _asked(suite, results) for source, suite in sorted(suites.items())}
    body = "".join(_section(source, found) for source, found in asked.items())
    told = f'<p class="banner" role="note">{escape(banner)}</p>' if banner else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>What the gates found</title><style>{STYLE.read_text('utf-8')}</style></head><body>"
        f"{told}<main><h1>What the gates found</h1>{_opening(asked, results)}{_overview(asked)}{body}</main>"
        f"{told}</body></html>"
    )


def _asked(suite: Suite, results: pd.DataFrame) -> list[Asked]:
    own = results[results["source"] == suite.source].sort_values(["received_at", "delivery_id"])
    groups = {str(name): group for name, group in own.groupby("expectation")}
    return [Asked(one, groups.get(one.name, own.iloc[:0])) for one in suite.expectations]


def _opening(asked: Mapping[str, list[Asked]], results: pd.DataFrame) -> str:
    every = [one for found in asked.values() for one in found]
    failed = [one for one in every if one.state == "failed"]
    critical = sum(one.expectation.severity == "critical" for one in failed)
    deliveries = results["delivery_id"].nunique()
    stopped = "none of them critical, so nothing is stopped"
    if critical:
        stopped = f"<strong class='failed'>{critical} critical</strong> and stopping what follows"
    return (
        f"<p class='lead'>{len(every)} expectations of {len(asked)} sources, asked of {deliveries} "
        f"deliveries. By the latest result of each, <strong>{len(failed)}</strong> are not met"
        f"{f': {stopped}' if failed else ''}.</p>"
        "<p>A <em>critical</em> expectation that is not met stops everything downstream of its source; a "
        "<em>warning</em> is recorded and trended. All figures are counts and shares: no value from a "
        "record stands on this page.</p>" + _not_met(failed)
    )


def _not_met(failed: list[Asked]) -> str:
    """What to look at first, the critical before the rest."""
    if not failed:
        return ""
    ranked = sorted(failed, key=lambda one: one.expectation.severity != "critical")
    rows = "".join(_row(one, named=True) for one in ranked)
    return f"<h2>Not met</h2><table>{_HEAD}<tbody>{rows}</tbody></table>"


def _overview(asked: Mapping[str, list[Asked]]) -> str:
    rows = "".join(_overview_row(source, found) for source, found in asked.items())
    heads = ("Source", "Asked", "Met", "Not met", "Not judged", "Failures ever")
    head = "".join(f"<th scope='col'>{word}</th>" for word in heads)
    return (
        "<table class='overview'><caption>By source, latest result</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _overview_row(source: str, found: list[Asked]) -> str:
    states = [one.state for one in found]
    counts = {
        "met": states.count("met"),
        "failed": states.count("failed"),
        "unjudged": states.count("unjudged") + states.count("never"),
    }
    cells = "".join(
        f"<td class='number {state if count else 'none'}'>{count}</td>" for state, count in counts.items()
    )
    return (
        f"<tr><th scope='row'><a href='#{escape(source)}'>{escape(_title(source))}</a></th>"
        f"<td class='number'>{len(found)}</td>{cells}"
        f"<td class='number'>{sum(one.times_failed for one in found)}</td></tr>"
    )


def _section(source: str, found: list[Asked]) -> str:
    order = {"failed": 0, "met": 1, "unjudged": 2, "never": 3}
    ranked = sorted(found, key=lambda one: (order[one.state], one.expectation.severity != "critical"))
    rows = "".join(_row(one) for one in ranked)
    return (
        f"<section id='{escape(source)}'><h2>{escape(_title(source))}</h2>"
        f"<table>{_HEAD}<tbody>{rows}</tbody></table></section>"
    )


def _row(one: Asked, named: bool = False) -> str:
    asked, last = one.expectation, one.last
    name = f"{_title(asked.source)}: {_words(asked.name)}" if named else _title(asked.name)
    severity = f"<span class='severity {asked.severity}'>{asked.severity}</span>"
    failures = f"<br><small>not met {one.times_failed} times in all</small>" if one.times_failed else ""
    detail = f"<br><small>{escape(_said(one, last))}</small>" if last is not None else ""
    return (
        f"<tr class='{one.state}'><td class='what'><strong>{escape(name)}</strong> {severity}"
        f"<br>{escape(asked.why)}<br><small>{escape(_rule(asked))} · "
        f"<span class='owner'>{escape(asked.owner)}</span></small></td>"
        f"<td class='result'><span class='state {one.state}'>{_STATES[one.state]}</span>"
        f"{detail}{failures}</td><td class='trend'>{_sparkline(one)}</td></tr>"
    )


def _said(one: Asked, last: Mapping[str, Any]) -> str:
    """The latest result in figures."""
    delivery = str(last["delivery_id"]).removeprefix(f"{one.expectation.source}-")[:10]
    if one.expectation.kind == "rows":
        return f"{last['rows_failing']:,} of {last['rows_checked']:,} rows fail, received {delivery}"
    if pd.isna(last["observed"]):
        return f"{last['rows_checked']:,} rows, received {delivery}"
    return f"{last['observed']:.4g} over {last['rows_checked']:,} rows, received {delivery}"


def _rule(asked: Expectation) -> str:
    """What is asked, in a few words."""
    asks = asked.asks
    if isinstance(asks, Rows):
        rule = _words(asks.rule.removeprefix("expect_"))
        share = "every row" if asks.mostly == 1 else f"at least {asks.mostly:.4g} of rows"
        return f"{rule}: {', '.join(asks.columns)}; {share}"
    return f"{_words(asks.column)} {_bounds(asks)}, from {asked.at_least_rows:,} rows on"


def _bounds(asks: Facts) -> str:
    if asks.min_value is None:
        return f"at most {asks.max_value:g}"
    if asks.max_value is None:
        return f"at least {asks.min_value:g}"
    return f"from {asks.min_value:g} to {asks.max_value:g}"


def _words(name: str) -> str:
    return name.replace("_", " ")


def _title(name: str) -> str:
    return _words(name).capitalize()


def _sparkline(one: Asked) -> str:
    """The share failing, or the figure observed, delivery by delivery; what was not met stands out."""
    column = "share_failing" if one.expectation.kind == "rows" else "observed"
    seen = one.history[one.history["is_met"].notna() & one.history[column].notna()].tail(MOST_POINTS)
    values = [float(value) for value in seen[column]]
    if not values:
        return "<small>nothing judged</small>"
    low, high = min(values), max(values)
    if one.expectation.kind == "rows":
        low = 0.0
    span = (high - low) or 1.0
    step = (WIDTH - 2 * MARGIN) / max(len(values) - 1, 1)
    points = [
        (MARGIN + index * step, HEIGHT - MARGIN - (value - low) / span * (HEIGHT - 2 * MARGIN))
        for index, value in enumerate(values)
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = "".join(
        f"<circle cx='{x:.1f}' cy='{y:.1f}' {_DOTS[bool(is_met)]}/>"
        for (x, y), is_met in zip(points, seen["is_met"], strict=True)
    )
    between = f"always {high:.3g}" if high == min(values) else f"{min(values):.3g} to {high:.3g}"
    label = f"{len(values)} deliveries, {between}, latest {values[-1]:.3g}"
    size = f"viewBox='0 0 {WIDTH} {HEIGHT}' width='{WIDTH}' height='{HEIGHT}'"
    return (
        f"<svg {size} role='img' aria-label='{label}'><title>{label}</title>"
        f"<polyline points='{line}'/>{dots}</svg><br><small>{between}</small>"
    )
