"""Persons told anew where something new bears on them; everybody else stands as before."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import polars as pl

from ml.linkage import persons

SQL: Final = Path(__file__).with_name("sql")
KEPT: Final = {
    "person_nominals": "nominal_id",
    "person_id_changes": "because_nominal_id",
    "links_by_number": "nominal_id",
    "person_components": "nominal_id",
}
"""What stands from run to run, with the nominal by which a row of it goes."""


def asked(connection: Any, name: str) -> pl.DataFrame:
    """A query of this room as a frame."""
    return connection.execute(statement(name)).pl()


def statement(name: str, **filled: str) -> str:
    """An SQL file of this room, filled in where it asks for something."""
    text = (SQL / f"{name}.sql").read_text("utf-8")
    return text.format(**filled) if filled else text


def resolve(connection: Any, decisions: pl.DataFrame, *, by_number: bool) -> int:
    """Bring persons up to what links, numbers and decisions say; the number of nominals gone through."""
    connection.execute(statement("link_nominals"))
    connection.execute(statement("link_numbers", is_asked=str(by_number).lower()))
    connection.register("link_decided", decisions.select(*persons.DECISIONS).to_arrow())
    connection.execute(statement("link_heard", rules=persons.rules()))
    connection.unregister("link_decided")
    nominals = asked(connection, "unsettled_nominals")
    heard = nominals, asked(connection, "unsettled_links"), decisions, asked(connection, "unsettled_numbers")
    found = persons.resolve(*heard, asked(connection, "unsettled_apart"))
    joined = persons.components(*heard)
    connection.register("joined", joined.to_arrow())
    marked = connection.execute(statement("person_marks")).pl()
    connection.unregister("joined")
    for table, rows in zip(KEPT, (found.memberships, found.changes, found.by_number, marked), strict=True):
        _keep(connection, table, rows)
    return nominals.height


def _keep(connection: Any, table: str, rows: pl.DataFrame) -> None:
    """Put what was found in the place of what was said of unsettled nominals before."""
    unsettled = "(select nominal_id from link_unsettled)"
    connection.execute(f"delete from identity.{table} where {KEPT[table]} in {unsettled}")
    connection.register("found", rows.to_arrow())
    connection.execute(f"insert into identity.{table} by name select * from found")
    connection.unregister("found")
