"""What the loader refuses is what the force broke on purpose, row by row, and nothing else."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from dagster_project.contracts import Contract, load_contracts
from dagster_project.loading import Loaded, load_source

CONTRACTS = load_contracts()
WORDS = {
    "ragged_short": "fewer cells than the header",
    "ragged_long": "more cells than the header",
    "impossible_date": " written as ",
    "text_in_number": "number",
    "unknown_code": "holds a code that is not on its list",
    "missing_key": "is empty but must not be",
    "repeated_key": "was already used by record",
    "stray_control": "holds a control character",
    "negative_number": "is below 0",
}


@dataclass(frozen=True)
class Outcome:
    """What became of one source, and what the force knows of it."""

    contract: Contract
    loaded: list[Loaded]
    folder: Path
    truth: Path

    def known(self, table: str) -> list[dict[str, Any]]:
        """Rows of the truth about this source."""
        held = pl.read_parquet(self.truth / f"{table}.parquet")
        return held.filter(pl.col("source") == self.contract.source).to_dicts()

    def booked(self, book: str) -> list[dict[str, Any]]:
        """Rows of a book of every delivery, with the day it was received."""
        rows: list[dict[str, Any]] = []
        for path in sorted(self.folder.glob(f"*/{book}.parquet")):
            received = json.loads((path.parent / "manifest.json").read_text("utf-8"))["received_at"][:10]
            rows += [row | {"delivery": received} for row in pl.read_parquet(path).to_dicts()]
        return rows


@pytest.fixture(scope="module", params=CONTRACTS)
def outcome(
    request: pytest.FixtureRequest, small_force: Path, tmp_path_factory: pytest.TempPathFactory
) -> Outcome:
    contract, deliveries = CONTRACTS[request.param], tmp_path_factory.mktemp("deliveries")
    loaded = load_source(contract, small_force / "extracts", deliveries)
    return Outcome(contract, loaded, deliveries / contract.source, small_force / "truth")


def test_the_deliveries_sent_twice_are_the_repeats(outcome: Outcome) -> None:
    told = {one["delivery"]: one["note"] for one in outcome.known("deliveries")}
    found = {
        one.delivery_id.removeprefix(f"{outcome.contract.source}-")[:10]: one.status for one in outcome.loaded
    }
    assert found == {day: "repeat" if note.startswith("again") else "loaded" for day, note in told.items()}


def test_each_row_broken_on_purpose_is_quarantined_and_no_other(outcome: Outcome) -> None:
    broken = {(one["delivery"], one["file"], one["line"]): one for one in outcome.known("broken_rows")}
    found = {
        (one["delivery"], one["source_file"], one["source_line"]): one for one in outcome.booked("quarantine")
    }
    assert set(found) == set(broken)
    for place, row in found.items():
        kind, column = broken[place]["kind"], broken[place]["column"]
        columns = {"repeated_key": list(outcome.contract.key), "ragged_long": []}.get(kind, [column])
        reasons = (WORDS[kind], WORDS["unknown_code"] if kind == "stray_control" else WORDS[kind])
        assert row["columns"] == columns and any(reason in row["reason"] for reason in reasons)


def test_each_row_repeated_on_purpose_is_booked_and_no_other(outcome: Outcome) -> None:
    wanted = [
        (one["delivery"], one["file"], one["line"], one["first_line"])
        for one in outcome.known("repeated_rows")
    ]
    booked = outcome.booked("repeats")
    found = [(one["delivery"], one["source_file"], one["source_line"], one["first_line"]) for one in booked]
    assert sorted(found) == sorted(wanted)
    assert all(one["first_file"] == one["source_file"] for one in booked)


def test_the_books_add_up(outcome: Outcome) -> None:
    counts = [file for one in outcome.loaded for file in one.files]
    assert sum(file.rows_quarantined for file in counts) == len(outcome.known("broken_rows"))
    assert sum(file.rows_repeated for file in counts) == len(outcome.known("repeated_rows"))
    for file in counts:
        assert file.rows_received == file.rows_loaded + file.rows_quarantined + file.rows_repeated
