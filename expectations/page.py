"""What the gates found, as one page that stands alone: no script, nothing fetched, no value of a cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any, cast

import pandas as pd

from expectations.sparkline import by_delivery, trend
from expectations.suites import Expectation, Facts, Rows, Suite

STYLE = Path(__file__).with_name("page.css")

_STATES = {
    "stopping": "✕ not met, and stops what follows",
    "failed": "▲ not met",
    "met": "✓ met",
    "unjudged": "too few rows to judge",
    "never": "not yet judged",
}
_ORDER = list(_STATES)


@dataclass(frozen=True)
class Asked:
    """One expectation with what it found, delivery by delivery, in order of receipt."""

    expectation: Expectation
    history: pd.DataFrame

    @cached_property
    def state(self) -> str:
        """A critical one stops while any delivery fails it; a warning is as its latest judged delivery."""
        if self.shown is None:
            return "never"
        if pd.isna(self.shown["is_met"]):
            return "unjudged"
        if self.shown["is_met"]:
            return "met"
        return "stopping" if self.expectation.severity == "critical" else "failed"

    @cached_property
    def shown(self) -> Mapping[str, Any] | None:
        """The result that decides: the latest that stops, else the latest judged, else the latest."""
        judged = self.history[self.history["is_met"].notna()]
        stopping = self.failures if self.expectation.severity == "critical" else self.failures.iloc[:0]
        for found in (stopping, judged, self.history):
            if len(found):
                return cast("Mapping[str, Any]", found.iloc[-1].to_dict())
        return None

    @cached_property
    def failures(self) -> pd.DataFrame:
        """The deliveries that did not meet it."""
        return self.history[_not_met(self.history)]


def render(results: pd.DataFrame, suites: Mapping[str, Suite], banner: str = "") -> str:
    """The whole page; `banner` is said at its top and foot, for data that is not real."""
    ordered = results.sort_values(["received_at", "delivery_id"])
    asked = {source: _asked(suite, ordered) for source, suite in sorted(suites.items())}
    every = [one for found in asked.values() for one in found]
    body = "".join(_section(source, found) for source, found in asked.items())
    told = f'<p class="banner" role="note">{escape(banner)}</p>' if banner else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>What the gates found</title><style>{STYLE.read_text('utf-8')}</style></head><body>"
        f"{told}<main><h1>What the gates found</h1>{_verdict(every)}{_counts(every, ordered)}"
        f"{_to_look_at(every)}{_overview(asked, ordered)}<h2>Every expectation</h2>{body}{_reading()}</main>"
        f"{told}</body></html>"
    )


def _asked(suite: Suite, results: pd.DataFrame) -> list[Asked]:
    own = results[results["source"] == suite.source]
    groups = {str(name): group for name, group in own.groupby("expectation")}
    return [Asked(one, groups.get(one.name, own.iloc[:0])) for one in suite.expectations]


def _not_met(results: pd.DataFrame) -> pd.Series[bool]:
    return results["is_met"].eq(False).fillna(False).astype(bool)


def _verdict(every: Sequence[Asked]) -> str:
    """The one sentence that a leader reads."""
    stopping = [one for one in every if one.state == "stopping"]
    failed = [one for one in every if one.state == "failed"]
    warned = f"{_number(len(failed), 'warning')} in {_sources(failed)}" if failed else ""
    if stopping:
        missed = f"{_number(len(stopping), 'critical expectation')} not met in {_sources(stopping)}"
        besides = f" Besides, {warned}." if failed else ""
        said = f"<strong>✕ Stopped.</strong> {_upper(missed)}: nothing that rests on it is built.{besides}"
        return f"<p class='verdict stopping'>{said}</p>"
    if failed:
        return f"<p class='verdict failed'><strong>▲ Nothing is stopped.</strong> {_upper(warned)}.</p>"
    if any(one.state == "met" for one in every):
        return "<p class='verdict met'><strong>✓ Nothing is stopped,</strong> and no warning stands.</p>"
    return "<p class='verdict'><strong>No delivery has been judged yet.</strong></p>"


def _sources(found: Sequence[Asked]) -> str:
    """The sources these belong to, each with a link and its number."""
    counted = Counter(one.expectation.source for one in found)
    words = [
        f"<a href='#{escape(source)}'>{escape(_words(source))}</a>{f' ({number})' if number > 1 else ''}"
        for source, number in counted.most_common()
    ]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _counts(every: Sequence[Asked], results: pd.DataFrame) -> str:
    states = Counter(one.state for one in every)
    sources = len({one.expectation.source for one in every})
    newest = f", the newest received on {results['received_at'].max():%-d %B %Y}" if len(results) else ""
    return (
        f"<p class='lead'>{_number(len(every), 'expectation')} of {_number(sources, 'source')}, asked of "
        f"{_number(results['delivery_id'].nunique(), 'delivery', 'deliveries')}{newest}: "
        f"{states['met']} are met, {states['stopping'] + states['failed']} are not, "
        f"{states['unjudged'] + states['never']} had too few rows to judge by.</p>"
    )


def _to_look_at(every: Sequence[Asked]) -> str:
    """What to look at first, the critical before the rest."""
    ranked = _ranked([one for one in every if one.state in ("stopping", "failed")])
    return f"<h2>Not met</h2>{_list(ranked, named=True)}" if ranked else ""


def _overview(asked: Mapping[str, list[Asked]], results: pd.DataFrame) -> str:
    deliveries = _deliveries(results)
    rows = "".join(_overview_row(source, found, deliveries) for source, found in asked.items())
    heads = (("Source", ""), ("Critical", "number"), ("Warnings", "number"), ("Met", "number more"))
    heads = (*heads, ("Not judged", "number more"), ("Delivery by delivery", "strip"))
    head = "".join(f"<th scope='col' class='{kind}'>{word}</th>" for word, kind in heads)
    return (
        "<h2>By source</h2><table class='overview'><caption>How many expectations are not met, and what each "
        "delivery raised, the newest on the right: a dash for nothing, an amber bar for warnings, the higher "
        "the more, a red one of full height for anything critical.</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _deliveries(results: pd.DataFrame) -> pd.DataFrame:
    """One row per delivery, in order of receipt: how many critical ones and how many warnings it raised."""
    failed = _not_met(results)
    severity = {"critical": "critical", "warnings": "warning"}
    counted = results.assign(**{name: failed & results["severity"].eq(one) for name, one in severity.items()})
    by = ["source", "received_at", "delivery_id"]
    return counted.groupby(by, as_index=False)[["critical", "warnings"]].sum()


def _overview_row(source: str, found: Sequence[Asked], deliveries: pd.DataFrame) -> str:
    states = Counter(one.state for one in found)
    counts = {
        "stopping": states["stopping"],
        "failed": states["failed"],
        "met more": states["met"],
        "unjudged more": states["unjudged"] + states["never"],
    }
    cells = "".join(
        f"<td class='number {state if count else f'none {state[-4:]}'}'>{count}</td>"
        for state, count in counts.items()
    )
    own = deliveries[deliveries["source"] == source]
    raised = list(zip(own["critical"].astype(int), own["warnings"].astype(int), strict=True))
    return (
        f"<tr><th scope='row'><a href='#{escape(source)}'>{escape(_title(source))}</a></th>{cells}"
        f"<td class='strip'>{by_delivery(raised)}</td></tr>"
    )


def _section(source: str, found: Sequence[Asked]) -> str:
    """One source, folded away; a link to its list unfolds it."""
    states = Counter(one.state for one in found)
    counts = [
        (states["stopping"], "critical not met"),
        (states["failed"], "warning" if states["failed"] == 1 else "warnings"),
        (states["met"], "met"),
        (states["unjudged"] + states["never"], "not judged"),
    ]
    said = ", ".join(f"{number} {word}" for number, word in counts if number)
    return (
        f"<details><summary><h3>{escape(_title(source))}</h3> {said}</summary>"
        f"<div id='{escape(source)}'>{_list(_ranked(found))}</div></details>"
    )


def _ranked(found: Sequence[Asked]) -> list[Asked]:
    return sorted(found, key=lambda one: (_ORDER.index(one.state), one.expectation.severity != "critical"))


def _list(found: Sequence[Asked], named: bool = False) -> str:
    return f"<ul class='asked'>{''.join(_item(one, named) for one in found)}</ul>"


def _item(one: Asked, named: bool) -> str:
    asked, times = one.expectation, len(one.failures)
    name = f"{_title(asked.source)}: {_words(asked.name)}" if named else _title(asked.name)
    severity = f"<span class='severity {asked.severity}'>{asked.severity}</span>"
    again = (
        f"<br><small>not met by {_number(times, 'delivery', 'deliveries')} in all</small>" if times else ""
    )
    detail = f"<br><small>{escape(_said(asked, one.shown))}</small>" if one.shown is not None else ""
    return (
        f"<li class='{one.state}'><div class='what'><strong>{escape(name)}</strong> {severity}"
        f"<br>{escape(asked.why)}<br><small>{escape(_rule(asked))}. Ask {escape(asked.owner)}</small></div>"
        f"<div class='result'><span class='state'>{_STATES[one.state]}</span>{detail}{again}</div>"
        f"<div class='trend'>{_trend(one)}</div></li>"
    )


def _said(asked: Expectation, shown: Mapping[str, Any]) -> str:
    """The deciding result in figures."""
    received, rows = f"received {shown['received_at']:%-d %B %Y}", f"{shown['rows_checked']:,}"
    if isinstance(asked.asks, Rows):
        return f"{shown['rows_failing']:,} of {rows} rows fail, {received}"
    if pd.isna(shown["observed"]):
        return f"{rows} rows, {received}"
    return f"{_figure(asked.asks, shown['observed'])} over {rows} rows, {received}"


def _rule(asked: Expectation) -> str:
    """What is asked, in a few words."""
    asks = asked.asks
    least = f", from {asked.at_least_rows:,} rows on" if asked.at_least_rows > 1 else ""
    if isinstance(asks, Rows):
        rule = _upper(_words(asks.rule.removeprefix("expect_column_")))
        share = "every row" if asks.mostly == 1 else f"at least {100 * asks.mostly:g}% of rows"
        return f"{rule}: {', '.join(asks.columns)}; {share}{least}"
    return f"{_title(asks.column)} {_bounds(asks)}{least}"


def _bounds(asks: Facts) -> str:
    if asks.min_value is None:
        return f"at most {_figure(asks, asks.max_value)}"
    if asks.max_value is None:
        return f"at least {_figure(asks, asks.min_value)}"
    return f"from {_figure(asks, asks.min_value)} to {_figure(asks, asks.max_value)}"


def _figure(asks: Facts | Rows, value: float | None) -> str:
    """A share as a percentage, anything else as it is."""
    if value is None:
        return "nothing"
    is_share = isinstance(asks, Rows) or asks.column.startswith("share_")
    return f"{100 * value:.3g}%" if is_share else f"{value:.4g}"


def _trend(one: Asked) -> str:
    """The share failing, or the figure observed, delivery by delivery, beside its bounds."""
    asks = one.expectation.asks
    column = "share_failing" if isinstance(asks, Rows) else "observed"
    seen = one.history[one.history["is_met"].notna() & one.history[column].notna()]
    values = [(float(value), bool(met)) for value, met in zip(seen[column], seen["is_met"], strict=True)]
    low, high = (None, 1 - asks.mostly) if isinstance(asks, Rows) else (asks.min_value, asks.max_value)
    return trend(values, low, high, lambda value: _figure(asks, value))


def _reading() -> str:
    return (
        "<h2>How to read this page</h2><p>A <em>critical</em> expectation that any delivery does not meet "
        "stops everything that rests on its source. A <em>warning</em> is recorded, and shown until a later "
        "delivery meets it. Where a delivery has fewer rows than an expectation needs, it is not judged. In "
        "the small pictures each point is a delivery, the newest on the right; the dashed lines are the "
        "bounds. All figures are counts and shares: no value from a record stands on this page.</p>"
    )


def _number(count: int, word: str, several: str = "") -> str:
    return f"{count:,} {word if count == 1 else several or f'{word}s'}"


def _words(name: str) -> str:
    return name.replace("_", " ")


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _title(name: str) -> str:
    return _upper(_words(name))
