"""The table of blank cells: a line for each column, a field for each year and each group of people."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from dagster_project.exploring.profile import GroupMissing, MissingBy, SourceProfile, share
from dagster_project.exploring.wording import cell_percent, percent

STEPS: Final = ((0.0, "h0", "never"), (0.01, "h1", "up to 1%"), (0.05, "h2", "5%"), (0.15, "h3", "15%"),
                (0.40, "h4", "40%"), (0.80, "h5", "80%"), (1.0, "h6", "more"))  # fmt: skip
"""Each shade up to its share."""
WIDEST: Final = 38
"""Groups that fit side by side on a page."""
TAUTOLOGY: Final = "not recorded"


def heat_table(source: SourceProfile) -> str:
    """Only the columns that are ever blank; the others are named below; what is too wide goes on below."""
    blank = [index for index, column in enumerate(source.columns) if column.missing]
    never = ", ".join(column.name for column in source.columns if not column.missing)
    told = f'<p class="quiet">Never blank: {escape(never)}.</p>' if never else ""
    if not blank:
        return told
    tables = "".join(_table(source, blank, part) for part in _parts(source))
    return f"{_legend()}{tables}{told}{_not_reached(source)}"


def _parts(source: SourceProfile) -> list[list[MissingBy]]:
    """Dimensions side by side, as many as the page is wide."""
    parts: list[list[MissingBy]] = [[]]
    for by in source.missing:
        if by.groups:
            if parts[-1] and sum(len(one.groups) for one in [*parts[-1], by]) > WIDEST:
                parts.append([])
            parts[-1].append(by)
    return parts


def _table(source: SourceProfile, blank: Sequence[int], shown: Sequence[MissingBy]) -> str:
    rows = "".join(_row(source, index, shown) for index in blank)
    return (
        f'<div class="wide"><table class="heat"><thead>{_dimensions(shown)}{_groups(shown)}</thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _legend() -> str:
    steps = "".join(f'<span><i class="{kind}"></i>{word}</span>' for _, kind, word in STEPS)
    return f'<div class="key">Share blank: {steps}<span><i class="few"></i>too few rows</span></div>'


def _dimensions(shown: Sequence[MissingBy]) -> str:
    heads = "".join(
        f'<td class="gutter"></td><th scope="colgroup" class="of" colspan="{len(by.groups)}">'
        f"{_whose(by)}</th>"
        for by in shown
    )
    return f'<tr><td class="row"></td><td class="of"></td>{heads}</tr>'


def _whose(by: MissingBy) -> str:
    """What divides the rows, and below it whose it is."""
    what, _, whose = by.whose.partition(" of ")
    return escape(what) + (f"<small>{escape(whose)}</small>" if whose else "")


def _groups(shown: Sequence[MissingBy]) -> str:
    heads = "".join(
        '<td class="gutter"></td>'
        + "".join(
            f'<th scope="col" class="group" title="{group.rows:,} rows">'
            f"<span>{escape(group.value)}</span></th>"
            for group in by.groups
        )
        for by in shown
    )
    return f'<tr><td class="row"></td><th scope="col" class="group"><span>all rows</span></th>{heads}</tr>'


def _row(source: SourceProfile, index: int, shown: Sequence[MissingBy]) -> str:
    column = source.columns[index]
    everybody = GroupMissing("all", column.rows, column.rows, (column.missing,))
    cells = "".join(
        '<td class="gutter"></td>' + "".join(_cell(by, group, index, column.name) for group in by.groups)
        for by in shown
    )
    name = f'<th scope="row" class="row">{escape(column.name)}</th>'
    return f"<tr>{name}{_shade(everybody, 0, column.name)}{cells}</tr>"


def _cell(by: MissingBy, group: GroupMissing, index: int, column: str) -> str:
    """That a group without a sex lacks its sex says nothing."""
    if by.own_column == column and group.value == TAUTOLOGY:
        return '<td class="own"></td>'
    return _shade(group, index, column)


def _shade(group: GroupMissing, index: int, column: str) -> str:
    if not group.is_enough:
        return f'<td class="few" title="{group.rows} rows: too few"></td>'
    part = share(group.missing[index], group.rows)
    kind = next(kind for most, kind, _ in STEPS if part <= most)
    told = f"{column}, {group.value}: {group.missing[index]:,} of {group.rows:,} blank, {percent(part)}"
    return f'<td class="{kind}" title="{escape(told)}">{cell_percent(part)}</td>'


def _not_reached(source: SourceProfile) -> str:
    parts = [
        f"{by.whose}: {by.rows_not_reached:,}" for by in source.missing if by.rows_not_reached and by.groups
    ]
    return f'<p class="quiet">Rows that lead to no crime: {escape("; ".join(parts))}.</p>' if parts else ""
