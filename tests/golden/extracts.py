"""Lays the hand-written extracts of all golden dyads into one warehouse, each under names of its own."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from hashlib import md5
from pathlib import Path

import duckdb
import polars as pl

from dagster_project.contracts import Contract, load_contracts
from dagster_project.prose import code_prose

HERE = Path(__file__).parent
META = HERE.parents[1] / "dagster_project" / "sql" / "meta_tables.sql"
CUT_OFF = date(2024, 12, 31)
HISTORY = "2024-12-01 06:00:00"
LINEAGE = ("_received_at", "_delivery_id", "_delivery_kind", "_source_file", "_source_line")


def golden_names() -> list[str]:
    return sorted(path.name for path in HERE.iterdir() if (path / "guards.txt").exists())


def rows_of(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def delivered(name: str, contract: Contract) -> Iterator[dict[str, str | None]]:
    """The rows of one extract with every column of the contract; ids carry the golden's name.

    Without `received_at` a row came with the history, known when it was recorded.
    """
    for line, row in enumerate(rows_of(HERE / name / f"{contract.source}.csv"), 1):
        received = row.pop("received_at", "") or ""
        row.setdefault(contract.recorded_at or "", row.get("created_at", ""))
        told = {column: row.get(column) or None for column in contract.column_names}
        named = {k: f"{name}:{v}" if v and k.endswith("_ref") else v for k, v in told.items()}
        yield named | {
            "_received_at": received or HISTORY,
            "_delivery_id": f"{contract.source}-{(received or HISTORY)[:10]}",
            "_delivery_kind": "regular" if received else "history",
            "_source_file": f"{name}/{contract.source}.csv",
            "_source_line": str(line),
        }


def people_of(name: str, nominals: set[str]) -> list[dict[str, str | None]]:
    """Who is who: as `people.csv` says, and everybody else a person of their own."""
    told: list[dict[str, str | None]] = [
        {
            "nominal_id": f"{name}:{row['nominal_id']}",
            "person_id": f"{name}:{row['person_id']}",
            "known_from_at": row["known_from_at"],
            "known_until_at": row["known_until_at"] or None,
        }
        for row in rows_of(HERE / name / "people.csv")
    ]
    alone = nominals - {str(row["nominal_id"]) for row in told}
    first = {"known_from_at": "2010-01-01 00:00:00", "known_until_at": None}
    return told + [{"nominal_id": one, "person_id": one, **first} for one in sorted(alone)]


def lay_out(warehouse: Path) -> None:
    """The raw tables and the linked persons of all goldens, as a run would have left them."""
    nominals: dict[str, set[str]] = {name: set() for name in golden_names()}
    prose: set[str | None] = set()
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(META.read_text("utf-8"))
        connection.execute("create schema identity")
        for contract in load_contracts().values():
            named = [column.name for column in contract.columns if column.identifies == "nominal"]
            rows = [row for name in nominals for row in delivered(name, contract)]
            for row in rows:
                found = {str(row[column]) for column in named if row[column]}
                nominals[str(row["_source_file"]).split("/")[0]] |= found
            types = {column.name: column.data_type for column in contract.columns}
            types |= dict.fromkeys(LINEAGE, "varchar") | {
                "_received_at": "timestamp",
                "_source_line": "bigint",
            }
            _table(connection, f"raw.{contract.source}", types, rows)
            prose |= {row[column] for row in rows for column in _prose_of(contract) if row[column]}
        people = [row for name, ids in nominals.items() for row in people_of(name, ids)]
        moments = {"known_from_at": "timestamp", "known_until_at": "timestamp"}
        types = {"nominal_id": "varchar", "person_id": "varchar"} | moments
        _table(connection, "identity.person_nominals", types, people)
        _code(connection, sorted(str(text) for text in prose))


def _prose_of(contract: Contract) -> list[str]:
    return [column.name for column in contract.columns if column.identifies == "prose"]


def _code(connection: duckdb.DuckDBPyConnection, texts: list[str]) -> None:
    """What a run would have coded between the two halves of dbt, from the texts themselves."""
    connection.execute("create schema coded")
    named: list[dict[str, str | None]] = [
        {"text_id": md5(text.encode()).hexdigest(), "prose_text": text} for text in texts
    ]
    _table(connection, "coded.cod_texts", {"text_id": "varchar", "prose_text": "varchar"}, named)
    code_prose(connection, lambda *_: None)
    connection.execute("drop table coded.cod_texts")


def _table(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    types: dict[str, str],
    rows: list[dict[str, str | None]],
) -> None:
    frame = pl.DataFrame(rows, schema=dict.fromkeys(types, pl.String))
    connection.register("told", frame.to_arrow())
    cast = ", ".join(f'cast("{column}" as {kind}) as "{column}"' for column, kind in types.items())
    connection.execute(f"create table {name} as select {cast} from told")
    connection.unregister("told")
