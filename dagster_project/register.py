"""Makes what the loader accepted readable in the warehouse: `raw` views and the books in `meta`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from dagster_project.contracts import Contract
from dagster_project.warehouse import identifier, quoted, rows

LINEAGE = {
    "_received_at": "timestamp",
    "_delivery_id": "varchar",
    "_delivery_kind": "varchar",
    "_source_file": "varchar",
    "_source_line": "bigint",
}
"""What every loaded row carries beside the columns of its contract."""

_COUNTS = ("rows_received", "rows_loaded", "rows_quarantined", "rows_repeated")
_FILE = ("name", "bytes", "sha256")
_DELIVERY = ("source", "delivery_id", "status", "reason", "kind", "received_at", "covers_from", "covers_to")


def manifests(deliveries: Path, source: str) -> list[tuple[Path, dict[str, Any]]]:
    """Every delivery folder of a source with what its own manifest says, in order of receipt."""
    found = [
        (path.parent, json.loads(path.read_text(encoding="utf-8")))
        for path in (deliveries / source).glob("[!.]*/manifest.json")
    ]
    return sorted(found, key=lambda entry: (str(entry[1]["received_at"]), str(entry[1]["delivery_id"])))


def _all_manifests(deliveries: Path) -> list[dict[str, Any]]:
    sources = sorted(path.name for path in deliveries.glob("*/"))
    return [told for source in sources for _, told in manifests(deliveries, source)]


def newest_receipt(deliveries: Path) -> datetime | None:
    """When the newest accepted delivery of any source was received."""
    loaded = [told for told in _all_manifests(deliveries) if told["status"] == "loaded"]
    return max((datetime.fromisoformat(str(told["received_at"])) for told in loaded), default=None)


def content_of(deliveries: Path, as_of: date) -> str:
    """One hash over everything accepted that had been received by then, whatever the order of processing."""
    loaded = [
        told
        for told in _all_manifests(deliveries)
        if told["status"] == "loaded" and str(told["received_at"]) < as_of.isoformat()
    ]
    lines = sorted(
        f"{told['delivery_id']} {told['content_sha256']} {told['contract_sha256']}" for told in loaded
    )
    return sha256("\n".join(lines).encode()).hexdigest()


def register(connection: Any, contract: Contract, deliveries: Path) -> dict[str, int]:
    """Point `raw.<source>` at the accepted Parquet and write the source's books anew; gives the counts."""
    source = contract.source
    found = manifests(deliveries, source)
    connection.execute("begin")
    connection.execute(_view(contract, _accepted(found)))
    for table in ("deliveries", "delivery_files", "quarantine"):
        connection.execute(f"delete from meta.{table} where source = ?", [source])
    _insert(connection, "deliveries", [_delivery_row(told) for _, told in found])
    _insert(connection, "delivery_files", [row for _, told in found for row in _file_rows(told)])
    refused = [folder / "quarantine.parquet" for folder, _ in found]
    refused = [path for path in refused if path.exists()]
    if refused:
        connection.execute(f"insert into meta.quarantine by name from read_parquet({_listed(refused)})")
    gone = "delivery_id not in (select delivery_id from meta.deliveries where status = 'loaded')"
    connection.execute(f"delete from meta.expectation_results where source = ? and {gone}", [source])
    connection.execute("commit")
    return counts(connection, source)


def counts(connection: Any, source: str) -> dict[str, int]:
    """Rows of a source over all its deliveries: received, loaded, quarantined, repeated."""
    sums = ", ".join(f"coalesce(sum({name}), 0)::bigint as {name}" for name in _COUNTS)
    return rows(connection, f"select {sums} from meta.delivery_files where source = ?", [source])[0]


def results_of(connection: Any, source: str | None = None) -> Any:
    """What the gates have said, of one source or of all, as a pandas frame in order of receipt."""
    wanted = "select * from meta.expectation_results where source = coalesce(?, source)"
    order = "order by received_at, delivery_id, relation, expectation"
    return connection.execute(f"{wanted} {order}", [source]).df()


def off_balance(connection: Any, source: str) -> list[str]:
    """Files whose rows received are not the sum of loaded, quarantined and repeated; there must be none."""
    told = "select source_file from meta.delivery_files where source = ?"
    lost = f"{told} and rows_received <> rows_loaded + rows_quarantined + rows_repeated order by all"
    return [str(row["source_file"]) for row in rows(connection, lost, [source])]


def _accepted(found: Sequence[tuple[Path, dict[str, Any]]]) -> list[Path]:
    loaded = [entry for entry in found if entry[1]["status"] == "loaded"]
    return [folder / str(file["parquet"]) for folder, told in loaded for file in told["files"]]


def _view(contract: Contract, files: Sequence[Path]) -> str:
    name = f"raw.{identifier(contract.source)}"
    types = {column.name: column.data_type for column in contract.columns} | LINEAGE
    if files:
        columns = ", ".join(identifier(column) for column in types)
        return f"create or replace view {name} as select {columns} from read_parquet({_listed(files)})"
    empty = ", ".join(f"null::{kind} as {identifier(column)}" for column, kind in types.items())
    return f"create or replace view {name} as select {empty} where false"


def _listed(paths: Sequence[Path]) -> str:
    return "[" + ", ".join(quoted(path) for path in paths) + "]"


def _delivery_row(told: dict[str, Any]) -> tuple[object, ...]:
    sums = [sum(int(file[name]) for file in told["files"]) for name in _COUNTS]
    return (*(told[name] for name in _DELIVERY), *sums, told["content_sha256"], told["warnings"])


def _file_rows(told: dict[str, Any]) -> list[tuple[object, ...]]:
    return [
        (
            told["source"],
            told["delivery_id"],
            *(file[name] for name in _FILE),
            *(file[name] for name in _COUNTS),
        )
        for file in told["files"]
    ]


def _insert(connection: Any, table: str, found: list[tuple[object, ...]]) -> None:
    if found:
        marks = ", ".join("?" for _ in found[0])
        connection.executemany(f"insert into meta.{table} values ({marks})", found)
