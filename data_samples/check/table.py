"""The check table: each published figure, the generated one beside it, the allowed band and a verdict."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from io import StringIO
from math import exp, inf, isfinite, nan
from pathlib import Path
from typing import Literal, cast

import duckdb
import numpy as np
from rich.console import Console
from rich.table import Table

from data_samples.check.bands import (
    ALPHA,
    FEWEST,
    Band,
    change_band,
    change_expected,
    count_band,
    mean_band,
    odds_band,
    share_band,
    share_expected,
)
from data_samples.check.force_database import HERE, CheckError, ForceArguments, open_force, read_arguments
from data_samples.check.logistic import fit
from data_samples.check.published import PublishedError, PublishedFigure, read_published

__all__ = ["CheckError", "CheckRow", "CheckTable", "check", "render"]

REGRESSIONS = {
    "withdrawal_terms": "odds.withdrawal",
    "nfa_terms": "odds.nfa",
}  # queries, and whose odds they give
WIDTH = 184
Verdict = Literal["pass", "fail", "too few"]


@dataclass(frozen=True)
class Generated:
    """What a query found: a count, a part of some cases, a sum over them, or a fitted log odds ratio."""

    numerator: float
    cases: int
    spread: float = nan


@dataclass(frozen=True)
class CheckRow:
    """One published figure held against the force; a published count is shown in the size of this force."""

    figure: PublishedFigure
    published: float
    generated: float
    low: float
    high: float
    cases: int
    verdict: Verdict
    judged_in: str  # the pool that speaks in this figure's stead, if any


@dataclass(frozen=True)
class CheckTable:
    rows: tuple[CheckRow, ...]

    def shown(self) -> list[CheckRow]:
        """Rows with a say of their own: a cell too small for that speaks through its pool."""
        return [row for row in self.rows if not row.judged_in]

    def count(self, verdict: Verdict) -> int:
        return sum(row.verdict == verdict for row in self.shown())

    @property
    def passed(self) -> bool:
        return self.count("fail") == 0


def check(directory: Path) -> CheckTable:
    """Hold the force in this folder against every published figure that is in use."""
    arguments = read_arguments(directory)
    figures = read_published()
    try:
        with open_force(directory, arguments) as connection:
            found = find(connection, figures)
    except duckdb.Error as problem:
        first_line = str(problem).splitlines()[0]
        raise CheckError(f"{directory} does not read like a made force: {first_line}") from problem
    return judge(figures, found, arguments)


def find(connection: duckdb.DuckDBPyConnection, figures: dict[str, PublishedFigure]) -> dict[str, Generated]:
    """Run each query once: a row for each figure it answers for."""
    found: dict[str, Generated] = {}
    for query in sorted({figure.query for figure in figures.values() if figure.query}):
        relation = connection.sql((HERE / "figures" / f"{query}.sql").read_text("utf-8"))
        if query in REGRESSIONS:
            found |= _fitted(REGRESSIONS[query], relation)
            continue
        columns = relation.columns
        for values in cast(list[tuple[object, ...]], relation.fetchall()):
            row = dict(zip(columns, values, strict=True))
            found[str(row["figure_id"])] = Generated(
                numerator=_number(row["numerator"], 0.0),
                cases=int(_number(row["cases"], 0.0)),
                spread=_number(row.get("spread"), nan),
            )
    return found


def _fitted(prefix: str, relation: duckdb.DuckDBPyRelation) -> dict[str, Generated]:
    """Each column but the first, which says whether it happened, is a term."""
    cases = np.column_stack(
        [np.asarray(column, dtype=np.float64) for column in relation.fetchnumpy().values()]
    )
    fitted = fit(cases[:, 0], cases[:, 1:])
    return {
        f"{prefix}.{term}": Generated(
            float(fitted.log_odds[at]), int(fitted.cases[at]), float(fitted.errors[at])
        )
        for at, term in enumerate(relation.columns[1:])
    }


def _number(value: object, otherwise: float) -> float:
    return otherwise if value is None else float(str(value))


def judge(
    figures: dict[str, PublishedFigure], found: dict[str, Generated], arguments: ForceArguments
) -> CheckTable:
    """Decide what has cases enough, at an error rate shared by all that is decided."""
    used = {figure.figure_id: figure for figure in figures.values() if figure.status == "used"}
    if unknown := sorted(found.keys() - used.keys()):
        raise PublishedError(f"{unknown[0]}: a query returns this figure, but published.csv does not use it")
    if silent := sorted(used.keys() - found.keys()):
        raise PublishedError(f"{silent[0]}: published.csv uses this figure, but its query does not return it")
    decided = {name for name, figure in used.items() if _expected(figure, found[name], arguments) >= FEWEST}
    alpha = ALPHA / max(len(decided), 1)
    return CheckTable(
        tuple(
            _decided_row(figure, found[name], arguments, alpha)
            if name in decided
            else _undecided_row(figure, found[name], arguments, _pool(figure, used, decided))
            for name, figure in used.items()
        )
    )


def _expected(figure: PublishedFigure, generated: Generated, arguments: ForceArguments) -> float:
    """Cases to be expected if the published figure holds here; none outside the force's own years."""
    period = figure.period
    if period is None or period.first_day < arguments.start or period.known_by > arguments.end:
        return 0.0
    if figure.kind == "count":
        return figure.expected_count(arguments.scale, arguments.focus)
    if figure.kind == "share":
        return share_expected(figure.value, generated.cases)
    if figure.kind == "ratio_change":
        return change_expected(figure.value, generated.cases)
    return float(generated.cases) if isfinite(generated.spread) else 0.0


def _value(figure: PublishedFigure, generated: Generated) -> float:
    if figure.kind == "count":
        return generated.numerator
    if figure.kind == "ratio_change":
        earlier = generated.cases - generated.numerator
        return generated.numerator / earlier - 1 if earlier else inf
    if figure.kind == "odds_ratio":
        return exp(generated.numerator)
    return generated.numerator / generated.cases if generated.cases else nan


def _band(figure: PublishedFigure, generated: Generated, arguments: ForceArguments, alpha: float) -> Band:
    if figure.kind == "count":
        return count_band(figure.expected_count(arguments.scale, arguments.focus), alpha)
    if figure.kind == "share":
        return share_band(figure.value, generated.cases, alpha)
    if figure.kind == "ratio_change":
        return change_band(figure.value, generated.cases, alpha)
    if figure.kind == "odds_ratio":
        return odds_band(figure.value, generated.spread, alpha)
    return mean_band(figure.value, generated.spread, generated.cases, alpha)


def _published(figure: PublishedFigure, arguments: ForceArguments) -> float:
    """A count is shown in the size of this force, so that the three numbers of a row compare by eye."""
    return figure.expected_count(arguments.scale, arguments.focus) if figure.kind == "count" else figure.value


def _decided_row(
    figure: PublishedFigure, generated: Generated, arguments: ForceArguments, alpha: float
) -> CheckRow:
    value, band = _value(figure, generated), _band(figure, generated, arguments, alpha)
    verdict: Verdict = "pass" if band.holds(value) else "fail"
    return CheckRow(
        figure,
        _published(figure, arguments),
        value,
        band.low,
        band.high,
        generated.cases,
        verdict,
        judged_in="",
    )


def _undecided_row(
    figure: PublishedFigure, generated: Generated, arguments: ForceArguments, judged_in: str
) -> CheckRow:
    value = _value(figure, generated)
    return CheckRow(
        figure,
        _published(figure, arguments),
        value,
        nan,
        nan,
        generated.cases,
        "too few",
        judged_in=judged_in,
    )


def _pool(figure: PublishedFigure, used: dict[str, PublishedFigure], decided: set[str]) -> str:
    """The nearest pool above with cases enough, or else the topmost, which then says "too few" for all."""
    above = figure.pool
    while above and above not in decided and used[above].pool:
        above = used[above].pool
    return above


def render(table: CheckTable) -> str:
    """The table as plain text, document by document; its last line counts the verdicts."""
    pooled = Counter(row.judged_in for row in table.rows if row.judged_in)
    page = Console(file=StringIO(), width=WIDTH, color_system=None, force_terminal=False, highlight=False)
    page.print(
        "Counts are shown in the size of this force; its districts stand in the published ones' places."
    )
    for document in dict.fromkeys(row.figure.document for row in table.shown()):
        page.print(f"\n{document}", markup=False)
        grid = Table(box=None, pad_edge=False, header_style="")
        grid.add_column("figure", width=44, overflow="fold")
        grid.add_column("what it says", width=66, no_wrap=True, overflow="ellipsis")
        for heading in ("published", "generated", "low", "high", "cases"):
            grid.add_column(heading, justify="right", width=9)
        grid.add_column("verdict", width=7)
        for row in table.shown():
            if row.figure.document == document:
                small = pooled[row.figure.figure_id]
                said = f"{row.figure.group}: {row.figure.measure}".replace("_", "-")
                numbers = (row.published, row.generated, row.low, row.high)
                grid.add_row(
                    row.figure.figure_id,
                    f"{said[:44]} (with {small} small cells)" if small else said,
                    *(_shown(row.figure, number) for number in numbers),
                    f"{row.cases:,}",
                    row.verdict,
                )
        page.print(grid)
    text = "\n".join(line.rstrip() for line in cast(StringIO, page.file).getvalue().splitlines())
    counted = ", ".join(f"{table.count(verdict)} {verdict}" for verdict in ("pass", "fail", "too few"))
    return f"{text}\n\n{counted}\n"


def _shown(figure: PublishedFigure, number: float) -> str:
    if not isfinite(number):
        return "-"
    if figure.kind == "count":
        return f"{number:,.0f}"
    if figure.kind == "ratio_change":
        return f"{number:+.1%}"
    return f"{number:.1f}" if number >= 10 else f"{number:.3f}"
