"""A small source for tests of loading: police dogs, with a manifest that agrees unless told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.contracts import Contract, read_contract
from dagster_project.loading import Loaded, load_source

COLUMNS = ("dog_ref", "updated_at", "breed", "bites", "weight", "born", "is_retired", "note")
HEADER = ",".join(COLUMNS)
GOOD: str = "D1,2024-01-05 10:00:00,GSD,3,31.5,2019-04-01,N,calm"
OWN = ("_received_at", "_delivery_id", "_delivery_kind", "_source_file", "_source_line")
RECEIVED = "2024-01-29T06:00:00"

_COLUMNS = """
        columns:
          - {name: dog_ref, description: The dog., data_type: varchar}
          - {name: updated_at, description: When this was entered., data_type: timestamp}
          - {name: breed, description: The breed., data_type: varchar, config: {meta: {codes: [GSD, MAL, X]}}}
          - name: bites
            description: How many.
            data_type: bigint
            config: {meta: {minimum: 0, maximum: 40}}
          - {name: weight, description: In kilograms., data_type: double}
          - {name: born, description: The day of its birth., data_type: date}
          - {name: is_retired, description: Whether it is., data_type: boolean}
          - {name: note, description: What was said., data_type: varchar}
"""
_PARQUET = "{format: parquet}"
_CSV = """
              format: csv
              compression: {compression}
              encoding: {encoding}
              byte_order_mark: {mark}
              separator: "{separator}"
              quote: '"'
              null_text: "{null_text}"
              true_text: "Y"
              false_text: "N"
              date_format: "%Y-%m-%d"
              timestamp_format: "%Y-%m-%d %H:%M:%S"
"""
_CONTRACT = """\
version: 2
sources:
  - name: raw
    schema: raw
    tables:
      - name: dogs
        description: One row per version of a police dog.
        config:
          loaded_at_field: _received_at
          freshness: {warn_after: {count: 35, period: day}, error_after: {count: 63, period: day}}
          meta:
            dagster: {asset_key: [gates, dogs]}
            owner: dog-unit@force.example
            file: FILE
            key: [dog_ref, updated_at]
            recorded_at: updated_at"""


def contract_of(folder: Path, file_format: str = "csv", **layout: str) -> Contract:
    """The contract of the dogs, in the form of file that is asked for."""
    told = {"compression": "none", "encoding": "utf-8", "separator": ",", "null_text": ""} | layout
    told["mark"] = "true" if told["encoding"] == "utf-8" else "false"
    file = _PARQUET if file_format == "parquet" else _CSV.format(**told).rstrip()
    path = folder / "contracts" / "dogs" / "_dogs__source.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_CONTRACT.replace("FILE", file) + _COLUMNS, "utf-8")
    return read_contract(path)


def text_of(*lines: str, header: str = HEADER, end: str = "\n") -> bytes:
    """A CSV file of these lines."""
    return "".join(line + end for line in (header, *lines)).encode()


def deliver(
    extracts: Path,
    files: Mapping[str, bytes],
    rows: Mapping[str, int] | int = 1,
    folder: str = "2024-01-29",
    **told: Any,
) -> Path:
    """A folder with these files and a manifest that gives the rows of each."""
    place = extracts / "dogs" / folder
    place.mkdir(parents=True, exist_ok=True)
    entries: list[dict[str, Any]] = []
    for name, data in files.items():
        (place / name).write_bytes(data)
        counted = rows if isinstance(rows, int) else rows[name]
        digest = hashlib.sha256(data).hexdigest()
        entries.append({"name": name, "rows": counted, "sha256": digest, "bytes": len(data)})
    manifest: dict[str, Any] = {
        "source": "dogs",
        "kind": "regular",
        "received_at": RECEIVED,
        "covers_from": "2024-01-01",
        "covers_to": "2024-01-29",
        "files": entries,
    }
    (place / "manifest.json").write_text(json.dumps(manifest | told), "utf-8")
    return place


@dataclass(frozen=True)
class Kept:
    """What one delivery left in the folder of deliveries."""

    folder: Path

    def rows(self, columns: str = "*") -> list[tuple[Any, ...]]:
        """Accepted rows of all files, in order."""
        files = sorted(str(path) for path in self.folder.glob("*.parquet") if path.stem not in BOOKS)
        return self._select(f"{columns} from read_parquet({files}) order by _source_file, _source_line")

    def book(self, name: str) -> list[tuple[Any, ...]]:
        """What was kept beside the accepted rows."""
        path = self.folder / f"{name}.parquet"
        return self._select(f"* from read_parquet('{path}')") if path.exists() else []

    def quarantined(self) -> list[tuple[Any, ...]]:
        """The line, the columns at fault, the reason and the text of each quarantined row."""
        return [row[4:] for row in self.book("quarantine")]

    def _select(self, query: str) -> list[tuple[Any, ...]]:
        with duckdb.connect() as connection:
            return connection.execute(f"select {query}").fetchall()


BOOKS = ("quarantine", "repeats", "extra_columns")


@dataclass(frozen=True)
class Kennel:
    """A folder of extracts and one of deliveries, under one contract."""

    folder: Path
    contract: Contract

    @property
    def extracts(self) -> Path:
        return self.folder / "extracts"

    @property
    def deliveries(self) -> Path:
        return self.folder / "deliveries"

    def load(self) -> list[Loaded]:
        """Load everything, and hold every loaded file to its sum."""
        loaded = load_source(self.contract, self.extracts, self.deliveries)
        for file in (file for one in loaded for file in one.files):
            assert file.rows_received == file.rows_loaded + file.rows_quarantined + file.rows_repeated
        assert not [path.name for path in (self.deliveries / "dogs").iterdir() if path.name.startswith(".")]
        return loaded

    def load_one(self) -> tuple[Loaded, Kept]:
        """Load the only delivery, which must be good as a whole."""
        (loaded,) = self.load()
        assert (loaded.status, loaded.reason) == ("loaded", "")
        return loaded, Kept(self.deliveries / "dogs" / loaded.delivery_id)

    def kept(self, loaded: Loaded) -> Kept:
        return Kept(self.deliveries / "dogs" / loaded.delivery_id)


def kennel(folder: Path, data: bytes, rows: int, name: str = "dogs.csv", **layout: str) -> Kennel:
    """One delivery of one file."""
    made = Kennel(folder, contract_of(folder, **layout))
    deliver(made.extracts, {name: data}, rows)
    return made
