"""Deliveries for tests: taken from a force, changed, and given a manifest that agrees again."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Container
from pathlib import Path
from typing import Any

import duckdb

YEARS = ("2022", "2023", "2024")


def told_by(folder: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((folder / "manifest.json").read_text("utf-8"))
    return told


def tell(folder: Path, told: dict[str, Any]) -> None:
    (folder / "manifest.json").write_text(json.dumps(told, indent=1), "utf-8")


def few_of(extracts: Path, out: Path) -> None:
    """The last years of each history, and the last two deliveries of each source."""
    for source in sorted(path for path in extracts.iterdir() if path.is_dir()):
        folders = sorted(path for path in source.iterdir() if path.is_dir())
        for folder in [folders[0], *folders[-2:]]:
            there = out / source.name / folder.name
            shutil.copytree(folder, there)
            told = told_by(there)
            if told["kind"] == "history":
                kept = [file for file in told["files"] if any(year in file["name"] for year in YEARS)]
                for file in told["files"]:
                    if file not in kept:
                        (there / file["name"]).unlink()
                tell(there, told | {"files": kept})


def rewrite(folder: Path, change: Callable[[bytes], bytes], *, rows: int = 0, file: int = -1) -> None:
    """Change one file of a delivery and let its manifest agree; `rows` is what the change adds."""
    told = told_by(folder)
    entry = told["files"][file]
    path = folder / entry["name"]
    path.write_bytes(change(path.read_bytes()))
    entry["rows"] += rows
    entry["bytes"] = path.stat().st_size
    entry["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    tell(folder, told)


def contents(database: Path, schemas: Container[str] | None = None) -> dict[str, tuple[int, str]]:
    """Rows and a hash of the typed contents of every table and view of a DuckDB file, or of these schemas."""
    connection = duckdb.connect(str(database), read_only=True)
    try:
        found = connection.execute(
            "select table_schema, table_name from information_schema.tables order by all"
        ).fetchall()
        held: dict[str, tuple[int, str]] = {}
        for schema, table in found:
            if schemas is not None and schema not in schemas:
                continue
            row = connection.execute(
                f"select count(*), coalesce(sum(hash(t)::hugeint), 0)::varchar from {schema}.{table} as t"
            ).fetchone()
            assert row is not None
            held[f"{schema}.{table}"] = row
        return held
    finally:
        connection.close()
