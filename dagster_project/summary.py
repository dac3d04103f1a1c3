"""What a person reads when a run has ended."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from dagster_project.run import RunOutcome
from dagster_project.settings import Settings

Ask = Callable[[str], list[dict[str, Any]]]
SQL = Path(__file__).with_name("sql")
_WIDTH = 108
_MOST = 5


def render(here: Settings, outcome: RunOutcome, ask: Ask, page: Path | None = None) -> str:
    """What arrived, what was refused and why, who is who, what prose says, what was published, what next."""
    parts = [
        _headline(outcome),
        _arrived(outcome, ask((SQL / "summary_rows.sql").read_text())),
        _refused(ask((SQL / "summary_refused.sql").read_text())),
        _quarantined(ask((SQL / "summary_quarantined.sql").read_text())),
        _judged(ask((SQL / "summary_judged.sql").read_text())),
        _who_is_who(outcome),
        _prose(outcome),
        _published(outcome),
        _next(here, outcome, page),
    ]
    return "\n\n".join(part for part in parts if part)


def _headline(outcome: RunOutcome) -> str:
    if outcome.succeeded:
        return f"Everything known before {outcome.as_of} is in the warehouse and published."
    stopped = ["The run stopped; what was published before stays as it was."]
    return "\n".join([*stopped, *(f"  {line}" for failure in outcome.failures for line in _folded(failure))])


def _arrived(outcome: RunOutcome, found: Sequence[dict[str, Any]]) -> str:
    names = ("source", "new", "deliveries", "received", "loaded", "quarantined", "repeats")
    lines: list[tuple[str, ...]] = [names]
    for row in found:
        new = outcome.arrived.get(str(row["source"]), {}).get("new_deliveries", 0)
        counts = (row[name] for name in ("deliveries", "received", "loaded", "quarantined", "repeats"))
        lines.append((str(row["source"]), f"{new:,}", *(f"{count:,}" for count in counts)))
    sums = [sum(int(line[at].replace(",", "")) for line in lines[1:]) for at in range(1, len(names))]
    lines.append(("together", *(f"{one:,}" for one in sums)))
    return "What arrived (new in this run, and all so far)\n" + _columns(lines)


def _refused(found: Sequence[dict[str, Any]]) -> str:
    if not found:
        return "Refused as a whole: no delivery."
    lines = [f"  {line}" for row in found for line in _folded(f"{row['source']}: {row['reason']}")]
    return "\n".join(["Refused as a whole; the others went on", *lines])


def _quarantined(found: Sequence[dict[str, Any]]) -> str:
    if not found:
        return "Refused row by row: none."
    lines = [(f"{row['rows']:,}", str(row["source"]), str(row["reason"])) for row in found[:_MOST]]
    more = [f"  and {len(found) - _MOST} more reasons in mart_refused_rows"]
    return "Refused row by row, kept in quarantine with their text; most often\n" + "\n".join(
        [_columns(lines, left=(1, 2)), *(more if len(found) > _MOST else [])]
    )


def _judged(found: Sequence[dict[str, Any]]) -> str:
    if not found:
        return ""
    total = found[0]
    head = (
        f"Gates: {total['expectations']:,} expectations, {total['judgements']:,} judgements on"
        f" {total['deliveries']:,} deliveries: {total['critical']:,} critical failures,"
        f" {total['warnings']:,} warnings"
    )
    lines = [
        (f"{row['times']:,}", f"{row['source']}.{row['expectation']}", str(row["why"]))
        for row in found
        if row["expectation"] is not None
    ]
    return head + ("\n" + _columns(lines[:_MOST], left=(1, 2)) if lines else "")


def _who_is_who(outcome: RunOutcome) -> str:
    told = outcome.who
    if not told:
        return ""
    names = ("nominals", "persons", "links", "merges so far", "merges new in this run")
    waiting = "pairs waiting for a person"
    lines = [(name, f"{told[name]:,}") for name in (*names, waiting)]
    return f"Who is who, by weights {told['weights']}\n" + _columns(lines)


def _prose(outcome: RunOutcome) -> str:
    told = outcome.prose
    if not told:
        return ""
    names = ("texts", "texts new in this run", "codes", "texts passed over")
    lines = [(name, f"{told[name]:,}") for name in names]
    return f"What the prose says, by lists and reader {told['lists and reader']}\n" + _columns(lines)


def _published(outcome: RunOutcome) -> str:
    told = outcome.published
    if not told:
        return ""
    tables = {name.removeprefix("rows/"): rows for name, rows in told.items() if name.startswith("rows/")}
    lines = [(name, f"{rows:,}") for name, rows in tables.items()]
    word = "Published" if told["is new"] else "Nothing has changed since, so nothing was published anew:"
    shown = "" if told["is what readers see"] else "; readers go on seeing a later day"
    return f"{word} {told['version']}{shown}\n" + _columns(lines)


def _next(here: Settings, outcome: RunOutcome, page: Path | None) -> str:
    command, home = _command(), f"--home {_near(here.home)}"
    where = [
        ("the marts, in SQL", f'{command} sql {home} "from mart_recording limit 10"'),
        ("how the data fared, and every column's meaning", _near(here.published / "current" / "reports")),
        ("the pairs that a person has to decide", f"{command} link review {home}"),
        ("every source in pictures", f"{command} explore {home}"),
        ("the way from delivery to mart", f"{command} ui {home}"),
    ]
    if page is not None:
        stopped = f"where run {outcome.run_id[:8]} stopped"
        where = [("how the data fared so far", _near(page)), (stopped, f"{command} ui {home}"), where[-2]]
    widest = max(len(what) for what, _ in where)
    return "\n".join(["Look next at", *(f"  {what.ljust(widest)}  {how}" for what, how in where)])


def _command() -> str:
    """What to type for `throughline` in this shell."""
    here = Path(sys.executable).with_name("throughline")
    return "throughline" if shutil.which("throughline") else _near(here)


def _near(path: Path) -> str:
    """A path as short as it can be said here."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def _columns(lines: Sequence[Sequence[str]], left: Sequence[int] = (0,)) -> str:
    """Columns under each other: words to the left, numbers to the right, the last cut to the page."""
    widths = [max(len(line[at]) for line in lines) for at in range(len(lines[0]))]
    rows = (
        "  ".join(
            cell.ljust(width) if at in left else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )
    return "\n".join(f"  {row if len(row) <= _WIDTH else row[: _WIDTH - 1] + '…'}" for row in rows)


def _folded(sentence: str) -> list[str]:
    lines = [""]
    for word in sentence.split():
        if len(lines[-1]) + len(word) >= _WIDTH - 2:
            lines.append("  ")
        lines[-1] += word if not lines[-1].strip() else f" {word}"
    return lines
