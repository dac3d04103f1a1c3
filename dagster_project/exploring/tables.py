"""The small makings of the page: tables, figures of fact, and the gaps between groups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from dagster_project.exploring import drawing
from dagster_project.exploring.profile import BadlyRecorded
from dagster_project.exploring.wording import percent, plural


def _cell(inside: str, kind: str = "") -> str:
    return f'<td class="{kind}">{inside}</td>' if kind else f"<td>{inside}</td>"


def _head(word: str, kind: str) -> str:
    """A column of pictures beside its figures needs no heading of its own, and an empty one misleads."""
    return f'<th scope="col" class="{kind}">{escape(word)}</th>' if word else f'<td class="{kind}"></td>'


def table(heads: Sequence[tuple[str, str]], rows: Iterable[Sequence[tuple[str, str]]]) -> str:
    """Headings and cells are (what is inside, its kind); what is inside is escaped already."""
    head = "".join(_head(word, kind) for word, kind in heads)
    body = "".join("<tr>" + "".join(_cell(*one) for one in row) + "</tr>" for row in rows)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def alarm(told: str, *, is_bad: bool) -> str:
    """A figure that deserves a look."""
    return f'<b class="alarm">{escape(told)}</b>' if is_bad else escape(told)


def fact(word: str, figure: str) -> str:
    return f"<div><dt>{escape(word)}</dt><dd>{escape(figure)}</dd></div>"


def figure(caption: str, more: str, inside: str) -> str:
    told = f"<span>{escape(more)}</span>"
    return f"<figure><figcaption>{escape(caption)}{told}</figcaption>{inside}</figure>" if inside else ""


def gaps(found: Sequence[BadlyRecorded], most: int, *, with_source: bool) -> str:
    """Columns that are blank together stand in one line."""
    together: dict[tuple[object, ...], list[BadlyRecorded]] = {}
    for one in found:
        same = (one.source, one.dimension, one.group, one.missing, one.missing_of_others)
        together.setdefault(same, []).append(one)
    heads = [
        *([("Source", "")] if with_source else []),
        ("Group", ""), ("Blank in it", ""), ("Group (filled) against others (hollow), 0 to 100%", ""),
        ("Group", "n"), ("Others", "n"), ("Blank", "n"), ("Rows of the group", "n"),
    ]  # fmt: skip
    rows = [_gap_row(ones, with_source) for ones in list(together.values())[:most]]
    left = len(together) - len(rows)
    more = (
        f'<p class="quiet">{plural(left, "narrower gap")} in the JSON beside this page.</p>' if left else ""
    )
    return table(heads, rows) + more


def _gap_row(ones: Sequence[BadlyRecorded], with_source: bool) -> list[tuple[str, str]]:
    one = ones[0]
    source = [(f'<a href="#{escape(one.source)}">{escape(one.source)}</a>', "")] if with_source else []
    return [
        *source,
        (f'{escape(one.group)} <span class="whose">{escape(one.whose)}</span>', ""),
        (escape(", ".join(other.column for other in ones)), ""),
        (drawing.dumbbell(one), ""),
        (alarm(percent(one.share), is_bad=True), "n"),
        (percent(one.share_of_others), "n"),
        (f"{one.missing:,}", "n"),
        (f"{one.rows:,}", "n"),
    ]
