"""A DuckDB in memory that reads deliveries; what it is asked stands in the .sql files beside this."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import duckdb
import jinja2

MEMORY_LIMIT: Final = "2GB"
THREADS: Final = 2
SQL: Final = Path(__file__).with_name("sql")

OUR_FAULTS: Final = ("No space left", "Could not write", "temp directory", "Too many open files")

Failure = duckdb.Error
"""Whatever DuckDB answers when it cannot do what it was asked."""


def is_ours(error: Exception) -> bool:
    """Whether it is this machine that has no room or no permission, and not the file that is bad."""
    if isinstance(error, duckdb.OutOfMemoryException):
        return True
    said = str(error)
    return isinstance(error, duckdb.IOException) and any(word in said for word in OUR_FAULTS)


def is_fatal(error: Exception) -> bool:
    """Whether the connection can no longer be used."""
    return isinstance(error, duckdb.FatalException | duckdb.InternalException)


def identifier(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: object) -> str:
    """A text as SQL writes it."""
    return "'" + str(value).replace("'", "''") + "'"


def _templates() -> jinja2.Environment:
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(SQL),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["name"] = identifier
    templates.filters["text"] = literal
    return templates


class Engine:
    """One connection and the templates of what it is asked."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._templates = _templates()
        self._connection = self._connect()

    def _connect(self) -> duckdb.DuckDBPyConnection:
        return duckdb.connect(
            ":memory:",
            config={
                "memory_limit": MEMORY_LIMIT,
                "threads": THREADS,
                "temp_directory": str(self._scratch),
                "preserve_insertion_order": True,
                "disabled_optimizers": "join_order,build_side_probe_side",
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "allow_community_extensions": False,
            },
        )

    def ask(self, template: str, **values: Any) -> list[tuple[Any, ...]]:
        """Run one .sql file and give its rows."""
        return self._connection.execute(
            self._templates.get_template(f"{template}.sql").render(values)
        ).fetchall()

    def insert(self, table: str, rows: Sequence[Sequence[object]]) -> None:
        """Add a few rows that Python found."""
        for row in rows:
            places = ", ".join("?" for _ in row)
            self._connection.execute(f"insert into {identifier(table)} values ({places})", list(row))

    def renew(self) -> None:
        """Forget everything, also a connection that an error has made unusable."""
        self._connection.close()
        self._connection = self._connect()

    def close(self) -> None:
        """Give the memory back."""
        self._connection.close()


@contextmanager
def started(scratch: Path) -> Iterator[Engine]:
    """An engine whose overflow goes to the scratch folder."""
    engine = Engine(scratch)
    try:
        yield engine
    finally:
        engine.close()
