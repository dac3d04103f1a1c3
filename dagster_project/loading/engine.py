"""A DuckDB in memory that reads deliveries; what it is asked stands in the .sql files beside this."""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final

import duckdb
import jinja2
import numpy as np

from dagster_project.loading.structure import Ints
from dagster_project.warehouse import identifier, in_memory, quoted

MEMORY_LIMIT: Final = "2GB"
OPTIONS: Final = {
    "threads": "1",
    "disabled_optimizers": "join_order,build_side_probe_side,statistics_propagation",
}
"""Joins run as written, for rows stay in order; no rule is skipped because statistics in a file say so.
One thread for each file: rows in order are the work of one, and DuckDB would keep a second one spinning."""
SQL: Final = Path(__file__).with_name("sql")
GLOB: Final = re.compile(r"[*?[]")

OUR_FAULTS: Final = ("No space left", "Could not write", "temp directory", "Too many open files")


def is_ours(error: Exception) -> bool:
    """Whether it is this machine that has no room or no permission, and not the file that is bad."""
    if isinstance(error, duckdb.OutOfMemoryException):
        return True
    said = str(error)
    return isinstance(error, duckdb.IOException) and any(word in said for word in OUR_FAULTS)


def is_fatal(error: Exception) -> bool:
    """Whether the connection can no longer be used."""
    return isinstance(error, duckdb.FatalException | duckdb.InternalException)


def text(value: object) -> str:
    """Anything as an SQL literal."""
    return quoted(str(value))


def one_file(path: Path) -> str:
    """A file to read as an SQL literal: an asterisk in its name is an asterisk, and not any file."""
    return quoted(GLOB.sub(r"[\g<0>]", str(path)))


@cache
def _templates() -> jinja2.Environment:
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(SQL),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["name"] = identifier
    templates.filters["text"] = text
    templates.filters["one_file"] = one_file
    return templates


class Engine:
    """One connection and the templates of what it is asked."""

    def __init__(self, connection: Any, templates: jinja2.Environment) -> None:
        self._connection, self._templates = connection, templates

    def ask(self, template: str, **values: Any) -> list[tuple[Any, ...]]:
        """Run one .sql file and give its rows."""
        return self._run(template, values, None).fetchall()

    def numbers(self, template: str, **values: Any) -> Ints:
        """Run one .sql file that gives one column of whole numbers, however many."""
        (column,) = self._run(template, values, None).fetchnumpy().values()
        return np.asarray(column, dtype=np.int64)

    def give(self, template: str, columns: Sequence[Sequence[object]]) -> None:
        """Run one .sql file on what Python found, column by column."""
        self._run(template, {}, [list(column) for column in columns])

    def _run(self, template: str, values: Mapping[str, Any], parameters: list[list[object]] | None) -> Any:
        query = self._templates.get_template(f"{template}.sql").render(values)
        return self._connection.execute(query, parameters)


class Engines:
    """One database, and an engine on it for each file that is on its way."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self.renew()

    def renew(self) -> None:
        """Forget everything, also a database that an error has made unusable."""
        if hasattr(self, "_database"):
            self.close()
        self._database: Any = in_memory(self._scratch, MEMORY_LIMIT, OPTIONS)
        self.main = Engine(self._database, _templates())

    @contextmanager
    def another(self) -> Generator[Engine]:
        """An engine with temporary tables of its own, gone with it."""
        connection = self._database.cursor()
        try:
            yield Engine(connection, _templates())
        finally:
            connection.close()

    def close(self) -> None:
        """Give the memory back."""
        self._database.close()


@contextmanager
def started(scratch: Path) -> Generator[Engines]:
    """Engines whose overflow goes to the scratch folder."""
    engines = Engines(scratch)
    try:
        yield engines
    finally:
        engines.close()
