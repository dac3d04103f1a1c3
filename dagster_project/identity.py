"""Nominals into persons, in the warehouse: what has arrived is linked, what people decided is heeded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from dagster_project import state
from dagster_project.settings import Settings
from ml.linkage import frozen, linking, persons, settings

SQL: Final = Path(__file__).with_name("sql")

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Identified:
    """How many of what stand in the warehouse after linking."""

    linked: linking.Linked
    persons: int
    changes: int
    model: str


def model_of(here: Settings) -> frozen.FrozenModel:
    """The force's own frozen model where one was trained, else the one that comes with the product."""
    own = here.models / "linkage"
    return frozen.read(own if own.is_dir() else frozen.SHIPPED)


def identify(here: Settings, connection: Any, tell: Tell) -> Identified:
    """Link what is new, then tell persons in order of time."""
    model, told = model_of(here), settings.load()
    connection.execute((SQL / "link_sightings.sql").read_text("utf-8"))
    linked = linking.link(connection, model, told, tell)
    tell("telling persons apart", 0, 0)
    found = persons.resolve(
        _asked(connection, "link_nominals"),
        _asked(connection, "link_known"),
        state.link_decisions(here),
        _asked(connection, "link_numbers") if told.number_only_is_sole_holder else None,
    )
    for table, frame in (
        ("person_nominals", found.memberships),
        ("person_id_changes", found.changes),
        ("links_by_number", found.by_number),
    ):
        connection.register("found", frame.to_arrow())
        connection.execute(f"create or replace table identity.{table} as select * from found")
        connection.unregister("found")
    current = found.memberships.filter(pl.col("known_until_at").is_null())
    return Identified(linked, current["person_id"].n_unique(), found.changes.height, model.version)


def _asked(connection: Any, name: str) -> pl.DataFrame:
    """A query of this room as a frame."""
    return connection.execute((SQL / f"{name}.sql").read_text("utf-8")).pl()
