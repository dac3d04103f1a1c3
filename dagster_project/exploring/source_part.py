"""The part of the page that tells of one source."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Final

from dagster_project.exploring import drawing
from dagster_project.exploring.findings import (
    RARELY,
    Finding,
    findings,
    heap_told,
    late_told,
    link_told,
    share_of_placeholders,
)
from dagster_project.exploring.heat import heat_table
from dagster_project.exploring.profile import (
    FEWEST_SHOWN,
    ColumnProfile,
    Count,
    Lag,
    Proposal,
    SourceProfile,
    share,
)
from dagster_project.exploring.proposing import snippet
from dagster_project.exploring.tables import alarm, fact, figure, gaps, table
from dagster_project.exploring.wording import duration, percent, plural, short_count

MOST_FINDINGS: Final = 4
MOST_GAPS: Final = 8
MOST_VALUES: Final = 14
MOST_DELIVERIES: Final = 40
MOST_DAYS: Final = 4
"""Deliveries whose whole date fits below their bars; of more there are year and month."""


def source_part(source: SourceProfile) -> str:
    parts: tuple[Callable[[SourceProfile], str], ...] = (
        _facts, _pictures, _gaps_of, _blanks, _heaps, _lags, _links, _aside, _columns, _distributions,
        _proposals,
    )  # fmt: skip
    return (
        f'<section class="source" id="{escape(source.source)}"><h2>{escape(source.source)}</h2>'
        f'<p class="quiet">{escape(source.description)}</p>{_worst(source)}'
        f"{''.join(part(source) for part in parts)}</section>"
    )


def _worst(source: SourceProfile) -> str:
    """What stands out in it, before its pictures."""
    told = "".join(f"<li>{escape(one.sentence)}</li>" for one in _distinct(source))
    return f'<ul class="worst">{told}</ul>' if told else ""


def _distinct(source: SourceProfile) -> list[Finding]:
    """The worst of each kind: the sections below have the others."""
    first: dict[str, Finding] = {}
    for one in findings(source):
        first.setdefault(one.kind, one)
    return list(first.values())[:MOST_FINDINGS]


def _facts(source: SourceProfile) -> str:
    copies = source.duplicates
    return (
        '<dl class="facts">'
        + fact("rows", f"{source.rows:,}")
        + fact("things they tell of", f"{copies.things:,}")
        + fact("rows a thing", f"{share(source.rows, copies.things):.2f}")
        + fact("deliveries", str(len(source.deliveries)))
        + fact(f"{source.recorded} from", source.first_recorded)
        + fact("to", source.last_recorded)
        + fact("rows alike under other keys", f"{copies.rows_alike:,}")
        + "</dl>"
    )


def _pictures(source: SourceProfile) -> str:
    lag, name = source.occurrence, source.source
    years = drawing.every_year(source.rows_by_year, source.rows_by_year)
    return (
        '<div class="pictures">'
        + figure(
            "Rows by year recorded",
            source.recorded,
            drawing.bars(years, f"rows of {name} by year"),
        )
        + _delivery_figure(source)
        + (
            figure(
                "When it is recorded",
                f"share of rows, {lag.column} to {lag.recorded}",
                drawing.lag_curve(lag),
            )
            if lag
            else ""
        )
        + (
            figure("The same by year", "recorded within, half and nine in ten", drawing.lag_by_year(lag))
            if lag
            else ""
        )
        + "</div>"
    )


def _delivery_figure(source: SourceProfile) -> str:
    """The history dwarfs all others, so it is told in words."""
    history = sum(one.rows_loaded for one in source.deliveries if one.kind == "history")
    later = [one for one in source.deliveries if one.kind != "history" and one.rows_received]
    day = slice(None) if len(later) <= MOST_DAYS else slice(2, 7)
    counts = [Count(one.received_on[day], one.rows_loaded) for one in later[-MOST_DELIVERIES:]]
    told = f"after a history of {history:,}" if history else ""
    return figure("Rows by delivery", told, drawing.bars(counts, f"rows of {source.source} by delivery"))


def _blanks(source: SourceProfile) -> str:
    ever = [column for column in source.columns if column.missing]
    if not ever:
        return f"<h3>No cell is ever blank</h3>{heat_table(source)}"
    most = max(ever, key=lambda column: column.share_missing)
    told = f"{len(ever)} of {len(source.columns)} columns, {most.name} in {percent(most.share_missing)}"
    return f"<h3>Blank cells: {escape(told)}</h3>{heat_table(source)}"


def _gaps_of(source: SourceProfile) -> str:
    if not source.badly_recorded:
        return f"<h3>Whom it records badly: {_why_nobody(source)}</h3>"
    one = source.badly_recorded[0]
    told = (
        f"{one.column} of {one.group}, blank in {percent(one.share)} against {percent(one.share_of_others)}"
    )
    table = gaps(source.badly_recorded, MOST_GAPS, with_source=False)
    return f"<h3>Whom it records badly: {escape(told)}</h3>{table}"


def _why_nobody(source: SourceProfile) -> str:
    """That nobody is recorded worse is good to know; that nobody could tell is not the same."""
    divided = [by for by in source.missing if by.dimension != "year"]
    if not divided:
        return "it says nothing about people"
    is_judged = any(sum(group.is_enough for group in by.groups) > 1 for by in divided)
    return "nobody clearly worse than the others" if is_judged else "too few crimes or persons to say"


def _columns(source: SourceProfile) -> str:
    heads = [
        ("Column", ""), ("Type", ""), ("Blank", "n"), ("", ""), ("Values", "n"), ("What it holds", ""),
        ("Length", "n"),
    ]  # fmt: skip
    rows = [
        [
            (escape(column.name) + _tag(column), "name"),
            (column.data_type, ""),
            (percent(column.share_missing), "n"),
            (drawing.share_bar(column.share_missing), ""),
            ("" if column.distinct is None else f"{column.distinct:,}", "n"),
            (_holds(column), ""),
            (_lengths(column), "n"),
        ]
        for column in source.columns
    ]
    return _folded("All columns", table(heads, rows))


def _folded(heading: str, inside: str) -> str:
    """What is looked up rather than read; it opens on a click, and on paper."""
    return f'<details class="part"><summary><h3>{escape(heading)}</h3></summary>{inside}</details>'


def _tag(column: ColumnProfile) -> str:
    if column.identifies is None:
        return ""
    kind = "tag" if column.identifies == "protected" else "tag never"
    return f' <span class="{kind}">{column.identifies}</span>'


def _holds(column: ColumnProfile) -> str:
    """A range, a few values or the patterns: whichever may be told."""
    if column.quantiles:
        low, middle, high = column.quantiles[0], column.quantiles[4], column.quantiles[-1]
        return f"{escape(low)} to {escape(high)}, half up to {escape(middle)}"
    if column.values:
        shown = [
            f"{value.label} {percent(share(value.rows, column.rows - column.missing))}"
            for value in column.values[:3]
        ]
        more = column.values_left_out + len(column.values) - len(shown)
        return escape(", ".join(shown)) + (f", {more} more" if more else "")
    if column.shape and column.shape.patterns:
        whole = column.shape.rows_looked_at
        return ", ".join(
            f"<code>{escape(one.label)}</code> {percent(share(one.rows, whole))}"
            for one in column.shape.patterns[:4]
        )
    return ""


def _lengths(column: ColumnProfile) -> str:
    if column.shape is None:
        return ""
    low, _, middle, _, high = column.shape.lengths
    return str(low) if low == high else f"{low} to {high}, half up to {middle}"


def _distributions(source: SourceProfile) -> str:
    listed = [column for column in source.columns if column.values]
    if not listed:
        return ""
    lists = "".join(_distribution(column) for column in listed)
    return _folded(
        f"Distributions of {plural(len(listed), 'column')} with few values",
        f'<div class="lists">{lists}</div>',
    )


def _distribution(column: ColumnProfile) -> str:
    filled = column.rows - column.missing
    rows = "".join(
        f'<tr><td class="v">{escape(one.label)}</td><td>{drawing.share_bar(share(one.rows, filled))}</td>'
        f'<td class="n">{percent(share(one.rows, filled))}</td>'
        f'<td class="n quiet">{short_count(one.rows)}</td></tr>'
        for one in column.values[:MOST_VALUES]
    )
    left = column.values_left_out + max(len(column.values) - MOST_VALUES, 0)
    more = f'<p class="quiet">{plural(left, "other value")}</p>' if left else ""
    return f"<div><h4>{escape(column.name)}</h4><table>{rows}</table>{more}</div>"


def _heaps(source: SourceProfile) -> str:
    heads = [
        ("Column", ""), ("Heaped", ""), ("Rows", "n"), ("Share", "n"), ("By chance", "n"),
        ("Last digits 0 to 9", ""),
    ]  # fmt: skip
    rows = [
        [
            (escape(column.name), "name"),
            (escape(heap.what), ""),
            (f"{heap.rows:,}", "n"),
            (alarm(percent(heap.share), is_bad=heap.share >= RARELY), "n"),
            (percent(heap.by_chance) if heap.by_chance else "", "n"),
            (drawing.digits(column.last_digits) if column.last_digits else "", ""),
        ]
        for column in source.columns
        for heap in column.heaps
        if heap.stands_out
    ]
    rows += [
        [
            (escape(column.name), "name"),
            ("a word that says nothing (unknown, n/a, ...)", ""),
            (f"{column.shape.placeholders:,}", "n"),
            (
                alarm(percent(share_of_placeholders(column)), is_bad=share_of_placeholders(column) >= RARELY),
                "n",
            ),
            ("", "n"),
            ("", ""),
        ]
        for column in source.columns
        if column.shape and column.shape.placeholders >= FEWEST_SHOWN
    ]
    return f"<h3>Heaps: {escape(_highest_heap(source))}</h3>{table(heads, rows)}" if rows else ""


def _highest_heap(source: SourceProfile) -> str:
    heaped = [(column, heap) for column in source.columns for heap in column.heaps if heap.stands_out]
    if not heaped:
        return "words that say nothing"
    return heap_told(*max(heaped, key=lambda found: found[1].share - found[1].by_chance))


def _lags(source: SourceProfile) -> str:
    if not source.lags:
        return ""
    heads = [
        ("From", ""), ("To", ""), ("Rows", "n"), ("Half within", "n"), ("Nine in ten within", "n"),
        ("Later than its recording", "n"),
    ]  # fmt: skip
    told = late_told(source.occurrence) if source.occurrence else "nothing says when it happened"
    return f"<h3>Lags: {escape(told)}</h3>{table(heads, [_lag_row(lag) for lag in source.lags])}"


def _lag_row(lag: Lag) -> list[tuple[str, str]]:
    follows = share(lag.rows_after_recording, lag.rows) > 0.5
    after = f"{duration(-lag.median_days)} after it" if lag.median_days < 0 else duration(lag.median_days)
    happened = ' <span class="tag">when it happened</span>' if lag.is_occurrence else ""
    return [
        (escape(lag.column) + happened, "name"),
        (escape(lag.recorded), ""),
        (f"{lag.rows:,}", "n"),
        (after, "n"),
        ("" if follows else duration(lag.ninetieth_days), "n"),
        (percent(share(lag.rows_after_recording, lag.rows)), "n"),
    ]


def _links(source: SourceProfile) -> str:
    """In words: the table of all sources has the figures."""
    if not source.links:
        return ""
    loose = [link for link in source.links if link.unresolved]
    told = "".join(f"<li>{escape(link_told(link))}</li>" for link in loose)
    whole = ", ".join(link.column for link in source.links if not link.unresolved)
    found = f'<p class="quiet">Always found: {escape(whole)}.</p>' if whole else ""
    heading = f"{len(loose)} of {plural(len(source.links), 'reference')} sometimes lead nowhere"
    listed = f"<ul>{told}</ul>" if told else ""
    return f"<h3>Links: {heading if loose else 'every reference is found'}</h3>{listed}{found}"


def _aside(source: SourceProfile) -> str:
    if not source.quarantined_by_column:
        return ""
    told = ", ".join(f"{one.label} {one.rows:,}" for one in source.quarantined_by_column)
    total = sum(delivery.rows_quarantined for delivery in source.deliveries)
    return f"<h3>Set aside on arrival: {plural(total, 'row')}</h3><p>By column: {escape(told)}.</p>"


def _proposals(source: SourceProfile) -> str:
    if not source.proposals:
        return ""
    heads = [("Expectation", ""), ("What was seen", ""), ("Severity", ""), ("As it would stand", "")]
    rows = [
        [
            (escape(one.name), "name"),
            (escape(one.evidence), ""),
            (escape(str(one.entry["severity"])), ""),
            (_written(one), ""),
        ]
        for one in source.proposals
    ]
    return _folded(f"{plural(len(rows), 'proposed expectation')}", table(heads, rows))


def _written(proposal: Proposal) -> str:
    fact = f"# needs the fact: {proposal.needs_fact}\n" if proposal.needs_fact else ""
    return f"<details><summary>YAML</summary><pre>{escape(fact + snippet(proposal))}</pre></details>"
