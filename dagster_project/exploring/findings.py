"""What stands out in a profile, in sentences, worst first: a page of everything must say where to look."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log10, sqrt
from typing import Final

from dagster_project.exploring.judging import CERTAINTY
from dagster_project.exploring.profile import (
    FEWEST_SHOWN,
    BadlyRecorded,
    ColumnProfile,
    GroupMissing,
    Heap,
    Lag,
    Link,
    Profile,
    SourceProfile,
    share,
)
from dagster_project.exploring.wording import duration, percent, times

MOST_OF_A_KIND: Final = 2
"""Of one source and kind at the top of the page: the third tells less than another source's first."""
DEFAULTS: Final = ("on 1 January", "on 1 January 1970, a clock's zero", "at midnight sharp")
"""Heaps that mean that somebody did not know; round numbers may be true."""
LATE_FROM_DAYS: Final = 7.0
NARROWEST_STEP: Final = 0.1
RARELY: Final = 0.01
ALWAYS_LATER: Final = 0.5
"""What lies after its recording more often than this is meant to follow it."""
WEIGHTS: Final = {
    "whom it records badly": 1.0,
    "leads nowhere": 2.0,
    "recorded late": 0.15,
    "default dates": 4.0,
    "doubled": 2.0,
    "set aside": 10.0,
    "whose id": 1.0,
    "says nothing": 1.5,
    "sudden step": 0.6,
    "out of order": 1.0,
}
"""How much a share of each kind counts: a false date misleads more rows than it stands in."""


@dataclass(frozen=True)
class Finding:
    """One thing worth looking at."""

    source: str
    kind: str
    sentence: str
    size: float
    """A share of rows or people, or a gap between two; for lateness, powers of ten of days."""

    @property
    def weight(self) -> float:
        """By which findings of different kinds are put in order."""
        return self.size * WEIGHTS[self.kind]


def worst(profile: Profile, most: int) -> tuple[Finding, ...]:
    """Over all sources the worst first, of one source and kind a few."""
    taken: list[Finding] = []
    for one in sorted((one for source in profile.sources for one in findings(source)), key=_order):
        alike = [other for other in taken if (other.source, other.kind) == (one.source, one.kind)]
        if len(alike) < MOST_OF_A_KIND and len(taken) < most:
            taken.append(one)
    return tuple(taken)


def findings(source: SourceProfile) -> tuple[Finding, ...]:
    """Everything that stands out in one source, the worst first."""
    parts = (_gaps, _links, _late, _defaults, _doubled, _aside, _ids, _placeholders, _steps, _order_of_time)
    return tuple(sorted((one for part in parts for one in part(source)), key=_order))


def _order(finding: Finding) -> tuple[float, str, str]:
    return -finding.weight, finding.source, finding.sentence


def _gaps(source: SourceProfile) -> Iterator[Finding]:
    for one in source.badly_recorded:
        yield Finding(
            source.source,
            "whom it records badly",
            f"{one.column} is blank in {percent(one.share)} for {_named(one)},"
            f" in {percent(one.share_of_others)} for the others",
            one.share - one.share_of_others,
        )


def _named(one: BadlyRecorded) -> str:
    return one.group if one.dimension == "domestic" else f"{one.group} ({one.whose})"


def _links(source: SourceProfile) -> Iterator[Finding]:
    """Ids of which none is found are another system's, which is no fault."""
    for link in source.links:
        if not link.is_foreign and link.unresolved >= FEWEST_SHOWN and link.share_unresolved >= RARELY:
            yield Finding(source.source, "leads nowhere", link_told(link), link.share_unresolved)


def link_told(link: Link) -> str:
    """How often a reference leads nowhere, and when it did so most."""
    if link.is_foreign:
        return f"{link.column} is another system's: none is found in {link.target_source}"
    worst_year = (
        f", at worst {percent(link.worst_year_share)} ({link.worst_year})" if link.worst_year_share else ""
    )
    return (
        f"{link.column} leads to no {link.target_source}.{link.target_column}"
        f" in {percent(link.share_unresolved)}{worst_year}"
    )


def _late(source: SourceProfile) -> Iterator[Finding]:
    lag = source.occurrence
    if lag and lag.ninetieth_days >= LATE_FROM_DAYS:
        yield Finding(source.source, "recorded late", late_told(lag), log10(lag.ninetieth_days))


def late_told(lag: Lag) -> str:
    """How soon half and nine in ten of the rows are recorded."""
    return (
        f"half is recorded within {duration(lag.median_days)} of {lag.column},"
        f" nine in ten within {duration(lag.ninetieth_days)}"
    )


def _defaults(source: SourceProfile) -> Iterator[Finding]:
    for column in source.columns:
        for heap in column.heaps:
            if heap.what in DEFAULTS and heap.stands_out:
                yield Finding(
                    source.source, "default dates", heap_told(column, heap), heap.share - heap.by_chance
                )


def heap_told(column: ColumnProfile, heap: Heap) -> str:
    """How many rows lie on one round value, and how many chance would put there."""
    chance = f", {times(heap.share / heap.by_chance)} what chance would put there" if heap.by_chance else ""
    return f"{column.name} is {heap.what} in {percent(heap.share)}{chance}"


def _doubled(source: SourceProfile) -> Iterator[Finding]:
    copies = source.duplicates
    part = share(copies.rows_alike, copies.rows)
    if part >= RARELY:
        yield Finding(
            source.source,
            "doubled",
            f"{percent(part)} of rows say the same as another row under another id",
            part,
        )


def _aside(source: SourceProfile) -> Iterator[Finding]:
    aside = sum(one.rows_quarantined for one in source.deliveries)
    part = share(aside, sum(one.rows_received for one in source.deliveries))
    if aside >= FEWEST_SHOWN and source.quarantined_by_column:
        most = source.quarantined_by_column[0].label
        yield Finding(
            source.source, "set aside", f"{aside:,} rows were set aside on arrival, most for {most}", part
        )


def _ids(source: SourceProfile) -> Iterator[Finding]:
    for one in source.identities:
        several = share(one.people_under_several_ids, one.people)
        if several >= RARELY and one.people_under_several_ids >= FEWEST_SHOWN:
            told = f"{percent(several)} of the people named stand under several {one.nominal_column}"
            yield Finding(source.source, "whose id", told, several)
        crowded = share(one.ids_with_several_people, one.ids)
        if crowded >= RARELY and one.ids_with_several_people >= FEWEST_SHOWN:
            told = f"{percent(crowded)} of the {one.nominal_column} stand for several people"
            yield Finding(source.source, "whose id", told, crowded)


def _placeholders(source: SourceProfile) -> Iterator[Finding]:
    for column in source.columns:
        part = share_of_placeholders(column)
        if column.shape and column.shape.placeholders >= FEWEST_SHOWN and part >= RARELY:
            told = f"{column.name} only looks filled in {percent(part)}: unknown, n/a or the like"
            yield Finding(source.source, "says nothing", told, part)


def share_of_placeholders(column: ColumnProfile) -> float:
    """Of the filled rows of a column, those that hold a word for nothing."""
    return share(column.shape.placeholders if column.shape else 0, column.rows - column.missing)


def _steps(source: SourceProfile) -> Iterator[Finding]:
    """From one year to the next, beyond chance: a rule changed, or a system was replaced."""
    by_year = next(by for by in source.missing if by.dimension == "year")
    years = [group for group in by_year.groups if group.is_enough]
    for index, column in enumerate(source.columns):
        step = max(pairwise(years), key=lambda pair: abs(_rise(pair, index)), default=None)
        if step and abs(_rise(step, index)) > max(NARROWEST_STEP, CERTAINTY * _chance(step, index)):
            before, after = (percent(share(year.missing[index], year.rows)) for year in step)
            told = f"{column.name} is blank in {before} of {step[0].value} and in {after} of {step[1].value}"
            yield Finding(source.source, "sudden step", told, abs(_rise(step, index)))


def _rise(years: Sequence[GroupMissing], index: int) -> float:
    before, after = (share(year.missing[index], year.rows) for year in years)
    return after - before


def _chance(years: Sequence[GroupMissing], index: int) -> float:
    both = share(sum(year.missing[index] for year in years), sum(year.rows for year in years))
    return sqrt(both * (1 - both) * sum(1 / year.rows for year in years))


def _order_of_time(source: SourceProfile) -> Iterator[Finding]:
    for lag in source.lags:
        part = share(lag.rows_after_recording, lag.rows)
        if lag.rows_after_recording >= FEWEST_SHOWN and RARELY <= part < ALWAYS_LATER:
            told = f"{lag.column} lies after {lag.recorded} in {percent(part)}"
            yield Finding(source.source, "out of order", told, part)
