"""Answers an analyst's SQL on what is published, and can do nothing else."""

from __future__ import annotations

import csv
import io
import json
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from dagster_project.publishing import DATABASE
from dagster_project.warehouse import SQL, Failure, locked

Form = Literal["table", "csv", "json"]
_CELL = 40


class QueryError(Exception):
    """The question cannot be answered, in one line."""


@dataclass(frozen=True)
class Answer:
    """Columns and rows, and whether there were more."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    is_cut: bool

    def render(self, form: Form) -> str:
        """As a table for a person, or as CSV or JSON for a program."""
        if form == "csv":
            held = io.StringIO()
            writer = csv.writer(held, lineterminator="\n")
            writer.writerow(self.columns)
            writer.writerows(self.rows)
            return held.getvalue().rstrip("\n")
        if form == "json":
            found = [dict(zip(self.columns, row, strict=True)) for row in self.rows]
            return json.dumps(found, indent=1, default=str)
        return self._table()

    def _table(self) -> str:
        shown = [[_shown(cell) for cell in row] for row in self.rows]
        widths = [
            max(len(row[at]) for row in [list(self.columns), *shown]) for at in range(len(self.columns))
        ]
        is_number = [
            bool(self.rows) and all(isinstance(row[at], (int, float, type(None))) for row in self.rows)
            for at in range(len(self.columns))
        ]
        lines = [
            "  ".join(
                cell.rjust(width) if number else cell.ljust(width)
                for cell, width, number in zip(row, widths, is_number, strict=True)
            ).rstrip()
            for row in [list(self.columns), ["-" * width for width in widths], *shown]
        ]
        count = f"{len(self.rows):,} row{'' if len(self.rows) == 1 else 's'}"
        lines.append(
            f"({'first ' if self.is_cut else ''}{count}{'; --limit shows more' if self.is_cut else ''})"
        )
        return "\n".join(lines)


def _shown(cell: object) -> str:
    if cell is None:
        return ""
    text = f"{cell:,}" if isinstance(cell, int) and not isinstance(cell, bool) else str(cell)
    text = " ".join(text.split())
    return text if len(text) <= _CELL else text[: _CELL - 1] + "…"


def ask(published: Path, question: str, *, limit: int, seconds: float, memory: str = "2GB") -> Answer:
    """Run one query read-only: no other file, no extension, no settings, bounded time and memory."""
    database = published / "current" / DATABASE
    if not database.exists():
        raise QueryError(f"nothing is published in {published}; `throughline run` publishes")
    with locked(database.resolve(), memory) as connection:
        alarm = threading.Timer(seconds, connection.interrupt)
        try:
            alarm.start()
            cursor = connection.execute(question)
            names = tuple(str(column[0]) for column in cursor.description)
            found: list[tuple[Any, ...]] = cursor.fetchmany(limit + 1)
            return Answer(names, found[:limit], len(found) > limit)
        except Failure as error:
            if "INTERRUPT" in str(error):
                stopped = f"stopped after {seconds:g} seconds; ask for less, or allow more with --seconds"
                raise QueryError(stopped) from error
            raise QueryError(str(error)) from error
        finally:
            alarm.cancel()


TABLES = (SQL / "published_tables.sql").read_text(encoding="utf-8")
