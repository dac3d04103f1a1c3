"""Nominals into persons, in the warehouse: what has arrived is linked, what people decided is heeded."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import polars as pl

from dagster_project import state
from dagster_project.resolving import asked, resolve, statement
from dagster_project.settings import Settings
from dagster_project.warehouse import MEMORY_LIMIT, Warehouse, in_memory, quoted
from ml.linkage import frozen, linking, people_table, settings, training
from ml.linkage.mistakes import LinkingError

SIGHTINGS: Final = "identity.idn_nominals__sightings"

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Identified:
    """How many of what stand in the warehouse after linking."""

    linked: linking.Linked
    nominals: int
    persons: int
    merges: int
    new_merges: int
    waiting: int
    model: str

    def told(self) -> dict[str, int | str]:
        """In the words of a run's summary."""
        return {
            "nominals": self.nominals,
            "persons": self.persons,
            "links": self.linked.links,
            "merges so far": self.merges,
            "merges new in this run": self.new_merges,
            "pairs waiting for a person": self.waiting,
            "pairs compared": self.linked.pairs,
            "weights": self.model,
        }


def model_of(here: Settings) -> frozen.FrozenModel:
    """The force's own frozen model where one was trained, else the one that comes with the product."""
    own = here.models / "linkage"
    return frozen.read(own if own.is_dir() else frozen.SHIPPED)


def identify(here: Settings, connection: Any, tell: Tell, relation: str = SIGHTINGS) -> Identified:
    """Link what is new, then tell persons in order of time."""
    model, told = model_of(here), settings.load()
    connection.execute(sightings_of(relation))
    linked = linking.link(connection, model, told, tell)
    tell("telling persons apart", 0, 0)
    connection.execute(statement("person_tables"))
    before = asked(connection, "link_merges")
    resolve(connection, state.link_decisions(here), by_number=told.number_only_is_sole_holder)
    merges = asked(connection, "link_merges")
    [[nominals, people]] = connection.execute(statement("link_counts")).fetchall()
    return Identified(
        linked,
        int(nominals),
        int(people),
        merges.height,
        merges.join(before, on=merges.columns, how="anti").height,
        _waiting(here, connection).height,
        model.version,
    )


def _waiting(here: Settings, connection: Any) -> pl.DataFrame:
    """The pairs that nobody has decided, strongest first, with names."""
    decided = state.link_decisions(here).select("nominal_id", "other_nominal_id").unique()
    pairs = asked(connection, "link_review_list")
    return pairs.join(decided, on=["nominal_id", "other_nominal_id"], how="anti", maintain_order="left")


def sightings_of(relation: str, *, timeless: bool = False) -> str:
    """Sightings as linking names them in any table of people; timeless, as if all were known at once."""
    known = "timestamp '1970-01-01'" if timeless else "known_from_at"
    return statement("link_sightings", relation=relation, known_from_at=known)


def train_model(here: Settings, tell: Tell) -> frozen.FrozenModel:
    """Learn from the nominals that stand in the warehouse, on a copy of what they say."""
    with _aside(here) as connection:
        connection.execute(f"attach {quoted(here.warehouse)} as standing (read_only)")
        connection.execute(sightings_of("standing.identity.idn_nominals__sightings"))
        model = training.train(connection, settings.load(), tell)
    model.write(here.models / "linkage")
    return model


def link_people(
    here: Settings, tables: Sequence[Path], columns: Path, weights: str, tell: Tell
) -> pl.DataFrame:
    """Link tables of people that have nothing to do with the warehouse."""
    named = people_table.read_map(columns)
    people = [
        people_table.read_people(path, named, name)
        for path, name in zip(tables, ("in", "against"), strict=False)
    ]
    model = (
        None if weights == "own" else frozen.read(frozen.SHIPPED if weights == "shipped" else Path(weights))
    )
    with _aside(here) as connection:
        return people_table.link_tables(connection, people, settings.load(), model, tell)


def review_list(here: Settings) -> pl.DataFrame:
    """The pairs that wait for a person, with names, as the last run left them."""
    with Warehouse(here).standing() as connection:
        return _waiting(here, connection)


def decide(here: Settings, nominals: tuple[str, str], verdict: str, by: str, why: str) -> None:
    """Keep a decision about two nominals that the warehouse knows."""
    with Warehouse(here).standing() as connection:
        known = {
            str(row[0])
            for row in connection.execute(statement("link_known_nominals"), [list(nominals)]).fetchall()
        }
        unknown = [nominal for nominal in nominals if nominal not in known]
        if unknown:
            raise LinkingError(
                f"{' and '.join(unknown)}: no such nominal in {here.warehouse}; "
                "`throughline link review` lists pairs"
            )
        newest = asked(connection, "link_newest_receipt")["received_at"][0]
    state.decide_link(here, nominals, verdict, by, why, newest)


@contextmanager
def _aside(here: Settings) -> Generator[Any]:
    """A database of its own that leaves nothing behind."""
    with TemporaryDirectory(prefix="throughline-link-") as folder:
        connection = in_memory(Path(folder), MEMORY_LIMIT)
        try:
            yield connection
        finally:
            connection.close()
