"""The only module that opens DuckDB files: the warehouse, built aside and swapped."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.settings import Settings

MEMORY_LIMIT = "3GB"
THREADS = 2
SQL = Path(__file__).with_name("sql")
Failure = duckdb.Error
"""Whatever DuckDB answers when it cannot do what it was asked."""


class WarehouseError(Exception):
    """The warehouse cannot be used, in words."""


def quoted(name: str | Path) -> str:
    """A text as an SQL literal."""
    return "'" + str(name).replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


@contextmanager
def opened(path: Path, *, scratch: Path | None = None, read_only: bool = False) -> Generator[Any]:
    """A connection with bounded memory that fetches nothing; closed, and by that checkpointed, at the end."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY_LIMIT,
        "threads": THREADS,
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "allow_community_extensions": "false",
    }
    if scratch is not None:
        scratch.mkdir(parents=True, exist_ok=True)
        config["temp_directory"] = str(scratch)
    try:
        connection = duckdb.connect(str(path), read_only=read_only, config=config)
    except duckdb.Error as error:
        raise WarehouseError(_why_not(path, error)) from error
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def locked(path: Path, memory: str) -> Generator[Any]:
    """A connection for somebody else's SQL: it reads this file and can do nothing else."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "enable_external_access": "false",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "allow_community_extensions": "false",
        "memory_limit": memory,
        "temp_directory": "",
        "threads": THREADS,
        "lock_configuration": "true",
    }
    connection = duckdb.connect(str(path), read_only=True, config=config)
    try:
        yield connection
    finally:
        connection.close()


def in_memory(scratch: Path, memory: str, options: Mapping[str, str] | None = None) -> Any:
    """A database of its own that spills to scratch; whoever asks for it closes it."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory,
        "threads": THREADS,
        "temp_directory": str(scratch),
        "preserve_insertion_order": True,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        **(options or {}),
    }
    return duckdb.connect(":memory:", config=config)


def _why_not(path: Path, error: duckdb.Error) -> str:
    if "lock" in str(error).lower():
        return (
            f"{path} is in use by another process; wait for it to end, or close the session that has it open"
        )
    if not path.exists():
        return f"{path} is not there yet; `throughline run` builds it"
    return f"{path} cannot be opened as a DuckDB file; move it away and run again: it is rebuilt"


@dataclass(frozen=True)
class Warehouse:
    """The warehouse of one home: `building` while a run works, `warehouse.duckdb` for everybody else."""

    settings: Settings

    def begin(self) -> None:
        """Start a building from the warehouse as it stands; what a killed run left behind goes."""
        self.settings.home.mkdir(parents=True, exist_ok=True)
        self.discard()
        if self.settings.warehouse.exists():
            shutil.copyfile(self.settings.warehouse, self.settings.building)
        with self.building() as connection:
            connection.execute((SQL / "meta_tables.sql").read_text())

    def discard(self) -> None:
        """Remove the building, and what a killed writer left beside it."""
        for path in self.settings.home.glob(f"{self.settings.building.name}*"):
            path.unlink()
        shutil.rmtree(self.settings.scratch, ignore_errors=True)

    @contextmanager
    def building(self) -> Generator[Any]:
        """The warehouse as this run is making it; begun first where a single asset is materialised alone."""
        if not self.settings.building.exists():
            if self.settings.warehouse.exists():
                shutil.copyfile(self.settings.warehouse, self.settings.building)
            with opened(self.settings.building, scratch=self.settings.scratch) as connection:
                connection.execute((SQL / "meta_tables.sql").read_text())
        with opened(self.settings.building, scratch=self.settings.scratch) as connection:
            yield connection

    @contextmanager
    def standing(self) -> Generator[Any]:
        """The warehouse as the last finished run left it, read-only."""
        with opened(self.settings.warehouse, scratch=self.settings.scratch, read_only=True) as connection:
            yield connection

    def swap_in(self) -> None:
        """Make the building the warehouse: on disk whole before its name changes."""
        building = self.settings.building
        with opened(building, scratch=self.settings.scratch) as connection:
            connection.execute("force checkpoint")
        if building.with_name(f"{building.name}.wal").exists():
            raise WarehouseError(f"{building} was not closed cleanly; run again")
        sync(building)
        building.replace(self.settings.warehouse)
        sync(self.settings.home)


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def rows(connection: Any, query: str, parameters: Sequence[object] = ()) -> list[dict[str, Any]]:
    """The result of a query as one mapping for each row."""
    cursor = connection.execute(query, list(parameters))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
