"""Two warehouses held against each other, row by row, by what each says was known at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import duckdb

from dagster_project.warehouse import quoted

ASSUMED: Final = "_known_from_assumed"
DATES: Final = ("known_from_at", "changed_at", "first_known_at")
NOT_COMPARED: Final = ("main", "meta", "raw", "seeds")
"""What arrived, in which the two differ on purpose, and what no delivery changes."""

EXCEPTIONS: Final = {
    "identity.link_deliveries": "tells which deliveries were linked",
    "identity.link_reviews": "tells what waits for a person today; nothing is built on it",
    "identity.link_state": "tells how they were linked",
    "identity.person_components": "tells whom linking need not go through again",
    "intermediate.int_crimes__sides_told_again": "works out the sides that are ever told of twice; "
    "all sides are compared in int_crimes__sides",
    "marts.mart_data_quality": "tells of the deliveries themselves",
    "marts.mart_deliveries": "tells of the deliveries themselves",
    "marts.mart_refused_rows": "tells of the deliveries themselves",
}
"""Tables that do not say what was known at a moment, and what they say instead."""

COLUMN_EXCEPTIONS: Final = {
    "is_told_once": "chooses between two ways of working out the same spans, and is read nowhere else",
}

BEGINNING: Final = datetime(1900, 1, 1)
FROM_THE_BEGINNING: Final = (
    "intermediate.int_command_logs__named",
    "intermediate.int_crimes__pairs",
    "intermediate.int_crimes__sides",
    "intermediate.int_nominals__persons",
    "outcomes.out_courses",
)
"""They cover all time, so that joins lose nothing: what no record names yet has a row since the beginning."""


@dataclass(frozen=True)
class Difference:
    """A table of which the two do not hold the same."""

    table: str
    rows_in_full: int
    rows_then: int
    example: tuple[Any, ...]


@dataclass(frozen=True)
class Compared:
    """How many rows of which tables were known then, and where the two warehouses differ."""

    rows: dict[str, int]
    differences: tuple[Difference, ...]


def compare(full: Path, then: Path, moment: datetime) -> Compared:
    """The warehouse of everything, asked as of a moment, against that of what was known by then."""
    rows: dict[str, int] = {}
    found: list[Difference] = []
    with duckdb.connect() as connection:
        for name, path in (("full_one", full), ("short_one", then)):
            connection.execute(f"attach {quoted(path)} as {name} (read_only)")
        tables = _tables(connection, "full_one")
        assert tables == _tables(connection, "short_one")
        assert EXCEPTIONS.keys() <= tables.keys(), "an exception is named that is no table"
        for table in sorted(tables.keys() - EXCEPTIONS.keys()):
            one, other = (_as_of(name, table, tables[table], moment) for name in ("full_one", "short_one"))
            both = f"select *, 1 as weight from {one} union all select *, -1 as weight from {other}"
            connection.execute(f"create or replace table held as {both}")
            columns = "columns(* exclude weight)"
            surplus = f"select {columns}, sum(weight) as surplus from held group by all having surplus <> 0"
            connection.execute(f"create or replace table unlike as {surplus}")
            (rows[table],) = _one(connection, "select count(*) from held where weight < 0")
            sums = "sum(greatest(surplus, 0))::bigint, sum(greatest(-surplus, 0))::bigint"
            more, fewer = _one(connection, f"select {sums} from unlike")
            if more or fewer:
                found.append(
                    Difference(table, more, fewer, _one(connection, "from unlike order by all limit 1"))
                )
    return Compared(rows, tuple(found))


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    return connection.execute(query).fetchone() or ()


def _tables(connection: duckdb.DuckDBPyConnection, name: str) -> dict[str, list[str]]:
    """Every table and view with its columns, as the catalogue has them: a new one is compared by itself."""
    told = "select table_schema || '.' || table_name, list(column_name order by ordinal_position)"
    where = "from information_schema.columns where table_catalog = ? and table_schema not in ? group by 1"
    return dict(connection.execute(f"{told} {where}", [name, list(NOT_COMPARED)]).fetchall())


def _as_of(name: str, table: str, columns: list[str], moment: datetime) -> str:
    """The rows of a table as they stood at a moment. A mart stands at its cut-off, and is compared whole."""
    told = {column: f'"{column}"' for column in columns if column not in COLUMN_EXCEPTIONS}
    for column in columns:
        assumed = column.removesuffix(ASSUMED)
        if column.endswith(ASSUMED) and assumed in told:  # overwritten in place: its past is not known
            told[assumed] = f"case when not {column} then {assumed} end as {assumed}"
    at = f"timestamp '{moment}'"
    conditions: list[str] = []
    if not table.startswith("marts."):
        if "known_until_at" in told:  # what came later is not known yet
            told["known_until_at"] = f"case when known_until_at < {at} then known_until_at end as until_at"
        conditions += [f"{column} < {at}" for column in DATES if column in told][:1]
        if "text_id" in told and not conditions:  # a text's codes are known when a record that holds it is
            known = f"select text_id from {name}.coded.cod_texts where known_from_at < {at}"
            conditions.append(f"text_id in ({known})")
    if table in FROM_THE_BEGINNING:
        conditions.append(f"known_from_at > timestamp '{BEGINNING}'")
    where = f" where {' and '.join(conditions)}" if conditions else ""
    return f"(select {', '.join(told.values())} from {name}.{table}{where})"
