"""Puts a question, written in a .sql file with names to fill in, to the connection it is given."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import jinja2

from dagster_project.warehouse import WarehouseError, identifier, quoted, rows

SQL = Path(__file__).with_name("sql")


@cache
def _questions() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(SQL), undefined=jinja2.StrictUndefined, autoescape=False
    )
    spelt: dict[str, Any] = {"name": identifier, "name_of": _name_of, "text": quoted}
    environment.filters.update(spelt)
    return environment


def _name_of(column: str, relation: str) -> str:
    return f"{relation}.{identifier(column)}"


def ask(
    connection: Any, question: str, parameters: tuple[object, ...] = (), **names: object
) -> list[dict[str, Any]]:
    """The answer to one question as one mapping for each row."""
    return rows(connection, _questions().get_template(f"{question}.sql").render(names), parameters)


def prepare(connection: Any, question: str, **names: object) -> None:
    """A question whose answer is a temporary table: the first to read the Parquet behind the warehouse."""
    try:
        connection.execute(_questions().get_template(f"{question}.sql").render(names))
    except duckdb.IOException as error:
        raise WarehouseError(
            "the warehouse names deliveries that cannot be read, or the disk is full; make room, put the"
            " deliveries back where the last run left them, or perform `throughline run` again"
        ) from error
