"""The product's own copy of the published figures, each with its public document and what became of it."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, cast, get_args

HERE = Path(__file__).parent
Kind = Literal["count", "share", "ratio_change", "mean", "odds_ratio", "pseudo_r2"]
Status = Literal["used", "set_aside"]


@dataclass(frozen=True)
class Period:
    """The days a figure counts, and the day by which its facts had to be known."""

    first_day: date
    last_day: date
    known_by: date


@dataclass(frozen=True)
class PublishedFigure:
    """One row of `published.csv`."""

    figure_id: str
    document: str
    section: str
    measure: str
    group: str
    value: float
    kind: Kind
    status: Status
    why: str
    period: Period | None
    query: str
    pool: str  # the figure that is judged in this one's stead when it has too few cases
    factor: float  # size of our force over theirs: only counts have one
    background: float  # the part of a count that stands at the scale and not at the focus

    def expected_count(self, scale: float, focus: float) -> float:
        return self.factor * ((self.value - self.background) * focus + self.background * scale)


class PublishedError(ValueError):
    """`published.csv` or a figure's query contradicts itself; the message names the row."""


def read_periods(path: Path = HERE / "periods.csv") -> dict[str, Period]:
    with path.open(encoding="utf-8", newline="") as lines:
        return {
            row["period"]: Period(
                *(date.fromisoformat(row[day]) for day in ("first_day", "last_day", "known_by"))
            )
            for row in csv.DictReader(lines)
        }


def read_published(path: Path = HERE / "published.csv") -> dict[str, PublishedFigure]:
    """All figures by id, in the order of the file."""
    periods = read_periods()
    with path.open(encoding="utf-8", newline="") as lines:
        figures = [_figure(row, periods) for row in csv.DictReader(lines)]
    _refuse_contradictions(figures)
    return {figure.figure_id: figure for figure in figures}


def _figure(row: dict[str, str], periods: dict[str, Period]) -> PublishedFigure:
    named = row["figure_id"]
    if row["kind"] not in get_args(Kind) or row["status"] not in get_args(Status):
        raise PublishedError(f"{named}: kind {row['kind']!r} or status {row['status']!r} is unknown")
    if row["period"] and row["period"] not in periods:
        raise PublishedError(f"{named}: period {row['period']!r} is not in periods.csv")
    return PublishedFigure(
        figure_id=named,
        document=row["document"],
        section=row["section"],
        measure=row["measure"],
        group=row["group"],
        value=float(row["value"]),
        kind=cast(Kind, row["kind"]),
        status=cast(Status, row["status"]),
        why=row["why"],
        period=periods[row["period"]] if row["period"] else None,
        query=row["query"],
        pool=row["pool"],
        factor=float(row["factor"] or 1),
        background=float(row["background"] or 0),
    )


def _refuse_contradictions(figures: Iterable[PublishedFigure]) -> None:
    by_id: dict[str, PublishedFigure] = {}
    for figure in figures:
        if figure.figure_id in by_id:
            raise PublishedError(f"{figure.figure_id}: appears twice")
        by_id[figure.figure_id] = figure
    for figure in by_id.values():
        if figure.status == "used" and (not figure.query or figure.period is None):
            raise PublishedError(f"{figure.figure_id}: is used but has no query or no period")
        if figure.status == "set_aside" and not figure.why:
            raise PublishedError(f"{figure.figure_id}: is set aside without a reason")
        if figure.pool and (figure.pool not in by_id or by_id[figure.pool].status != "used"):
            raise PublishedError(f"{figure.figure_id}: its pool {figure.pool!r} is no figure in use")
        seen, above = {figure.figure_id}, figure.pool
        while above:
            if above in seen:
                raise PublishedError(f"{figure.figure_id}: its pools go round in a circle")
            seen.add(above)
            above = by_id[above].pool
