"""Linking on a DuckDB connection: only what is new is compared, and what is found is kept."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl
from splink import Linker
from splink.backends.duckdb import DuckDBAPI  # pyright: ignore[reportMissingTypeStubs]

from ml.linkage.frozen import FIELDS, FrozenModel
from ml.linkage.settings import LinkSettings, splink_settings

SQL: Final = Path(__file__).with_name("sql")
NICKNAMES: Final = Path(__file__).with_name("nicknames.csv")
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Linked:
    """How much linking had to do, and what stands after it."""

    nominals: int
    pairs: int
    links: int
    reviews: int


def statement(name: str) -> str:
    """An SQL file of this room."""
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


def link(connection: Any, model: FrozenModel, settings: LinkSettings, tell: Tell) -> Linked:
    """Bring links and reviews up to what `link_sightings` says; the cost follows what is new in it."""
    prepare(connection, model, settings)
    connection.execute(statement("changed"))
    pairs = 0
    if _count(connection, "link_changed"):
        tell("profiling nominals", 0, 0)
        profile(connection, settings)
        tell("finding pairs to compare", 0, 0)
        connection.execute(statement("pairs"))
        pairs = _count(connection, "link_pairs")
        tell(f"comparing {pairs:,} pairs", 0, 0)
        judge(connection, model, settings)
        connection.execute(statement("links"))
        connection.execute(statement("reviews"))
        connection.execute(statement("apart"))
    nominals = _count(connection, "link_changed")
    connection.execute(statement("linked_deliveries"))
    return Linked(
        nominals, pairs, _count(connection, "identity.links"), _count(connection, "identity.link_reviews")
    )


def prepare(connection: Any, model: FrozenModel, settings: LinkSettings) -> None:
    """Tables, names, sounds; what was linked another way, or came from deliveries now gone, is forgotten."""
    connection.execute(statement("state"))
    [[held]] = connection.execute("select coalesce(max(mark), '') from identity.link_state").fetchall()
    mark = _mark(model, settings)
    if held != mark:
        forget(connection)
    connection.execute(statement("tables"))
    [[withdrawn]] = connection.execute(statement("withdrawn")).fetchall()
    if withdrawn:
        forget(connection)
        connection.execute(statement("tables"))
    connection.execute("delete from identity.link_state")
    connection.execute("insert into identity.link_state values (?)", [mark])
    connection.execute(statement("sound"))
    rarest = pl.DataFrame({field: [model.rarest[field]] for field in FIELDS})
    for name, frame in (
        ("link_terms", model.terms),
        ("link_rarest", rarest),
        ("link_nicknames", pl.read_csv(NICKNAMES)),
    ):
        _given(connection, name, frame)


def forget(connection: Any) -> None:
    """Everything is linked anew the next time."""
    connection.execute(statement("forget_all"))


def _mark(model: FrozenModel, settings: LinkSettings) -> str:
    """Changes with whatever changes how anything is linked."""
    digest = hashlib.sha256(f"{model.version} {settings!r}".encode())
    for path in (*sorted(SQL.glob("*.sql")), NICKNAMES):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def profile(connection: Any, settings: LinkSettings) -> None:
    """What was known of each changed nominal, moment by moment, and the keys by which it may meet others."""
    connection.execute(statement("values"))
    [[more]] = connection.execute(statement("widened")).fetchall()
    if more:  # whoever shares a number is worked out with them
        connection.execute(statement("values"))
    connection.execute(statement("forget"))
    connection.execute("insert into identity.link_values select * from link_new_values")
    connection.execute(statement("profiles"))
    connection.execute("insert into identity.link_profiles select * from link_new_profiles")
    connection.execute("create or replace temporary table link_new_keys as " + _keys(settings))
    connection.execute("insert into identity.link_keys select * from link_new_keys")


def _keys(settings: LinkSettings) -> str:
    """One row per changed nominal and key, from when it was known; the number keeps keys apart."""
    names = statement("named")
    parts: list[str] = []
    for number, key in enumerate(settings.keys):
        source = f"(select *, unnest({key.each}) as item from named)" if key.each else "named"
        parts.append(
            f"select nominal_id, hash({number}, {key.expression}) as key_hash, known_from_at "
            f"from {source} where ({key.expression}) is not null"
        )
    return (
        f"with named as ({names}) select nominal_id, key_hash, min(known_from_at) as first_known_at "
        f"from ({' union all '.join(parts)}) group by nominal_id, key_hash"
    )


def judge(connection: Any, model: FrozenModel, settings: LinkSettings) -> None:
    """Weigh every pair with Splink, in the frozen weights, and say which a machine may decide."""
    connection.execute(statement("compared"))
    logging.getLogger("splink").setLevel(logging.ERROR)  # what it did is told by the run
    interface = DuckDBAPI(connection)
    linker = Linker(
        interface.register("link_compared", table_name="link_profiles_now"),
        splink_settings(settings, model.weights),
        log_level=None,
    )
    for field in FIELDS:  # the shares stand in the profiles: Splink need not count
        linker.table_management.register_term_frequency_lookup(
            interface.register(pl.DataFrame({field: ["-"], f"tf_{field}": [1.0]}).to_pandas()), field
        )
    pairs = linker.table_management.register_blocked_pairs_for_predict(interface.register("link_pairs"))
    # Splink first copies what pairs name, which pays where these are few, and not where everybody is new
    few = 2 * _count(connection, "link_changed") < _count(connection, "identity.link_profiles")
    pairs.metadata["registered_for_predict"] = few
    least = min(settings.reviewed, settings.together)
    found = linker.inference.predict(threshold_match_weight=least, warning_mode="never")
    connection.execute(_judged(settings, found.physical_name))
    linker.table_management.delete_tables_created_by_splink_from_db()


def _judged(settings: LinkSettings, scored: str) -> str:
    """Pairs of nominals with evidence in words, and why a person must decide where one must."""
    vetoes = " ".join(f"when {veto.condition} then {_text(veto.why)}" for veto in settings.vetoes)
    apart = " or ".join(f"({veto.condition})" for veto in settings.vetoes if veto.keeps_apart) or "false"
    said = " || '; ' || ".join(
        f"'{comparison.name}: ' || case gamma_{comparison.column} "
        + " ".join(
            f"when {comparison.number(level.label)} then {_text(level.label)}" for level in comparison.levels
        )
        + " else 'unknown' end"
        for comparison in settings.comparisons
    )
    veto = f"case {vetoes} end" if vetoes else "cast(null as varchar)"
    enough = "(" + (" or ".join(f"({condition})" for condition in settings.enough) or "false") + ")"
    return statement("judged").format(
        scored=scored,
        veto=veto,
        evidence=said,
        linked=settings.linked,
        reviewed=settings.reviewed,
        together=settings.together,
        enough=enough,
        apart=apart,
    )


def _text(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"


def _given(connection: Any, name: str, frame: pl.DataFrame) -> None:
    """A frame as a temporary table."""
    connection.register("link_given", frame.to_arrow())
    connection.execute(f"create or replace temporary table {name} as select * from link_given")
    connection.unregister("link_given")


def _count(connection: Any, relation: str) -> int:
    return int(connection.execute(f"select count(*) from {relation}").fetchall()[0][0])
