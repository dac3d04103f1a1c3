"""Every golden dyad's timeline is the one that was written by hand; all of them are built at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from dagster_project.dbt_manifest import run_dbt
from dagster_project.settings import Settings
from tests.conftest import made_once
from tests.golden.extracts import CUT_OFF, HERE, golden_names, lay_out, rows_of

TIMELINES = {"expected": "mart_dyad_timeline", "expected_of_offenders": "mart_offender_timeline"}
ORDERS = {"expected": "dyad_id, event_number", "expected_of_offenders": "offender_person_id, event_number"}


@pytest.fixture(scope="session")
def golden_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(folder: Path) -> None:
        here = Settings(home=folder, extracts=folder / "extracts")
        folder.mkdir(parents=True)
        lay_out(here.warehouse)
        wanted = [f"+{mart}" for mart in TIMELINES.values()]
        kinds = ["--resource-type", "model", "--resource-type", "seed"]
        run_dbt(here, "build", "--vars", f'{{"cut_off": "{CUT_OFF}"}}', *kinds, "--select", *wanted)

    return made_once(tmp_path_factory, "golden_home", make) / "warehouse.duckdb"


def shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def timeline(warehouse: Path, name: str, told: str, columns: list[str]) -> list[dict[str, str]]:
    """The rows of one golden, under the names that it was written with."""
    listed = ", ".join(columns)
    whose = f"offender_person_id like '{name}:%' order by {ORDERS[told]}"
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        found = connection.execute(f"select {listed} from marts.{TIMELINES[told]} where {whose}").fetchall()
    return [
        {column: shown(cell).replace(f"{name}:", "") for column, cell in zip(columns, row, strict=True)}
        for row in found
    ]


@pytest.mark.parametrize("name", golden_names())
def test_the_timeline_is_the_one_written_by_hand(golden_warehouse: Path, name: str) -> None:
    for told in TIMELINES:
        expected = rows_of(HERE / name / f"{told}.csv")
        if expected:
            assert timeline(golden_warehouse, name, told, list(expected[0])) == expected


def test_each_golden_says_what_it_guards_and_there_are_enough() -> None:
    names = golden_names()
    assert len(names) >= 15
    assert [name for name in names if len((HERE / name / "guards.txt").read_text("utf-8").split()) < 8] == []
    assert [name for name in names if not rows_of(HERE / name / "expected.csv")] == []


def test_every_row_of_a_timeline_leads_back_to_one_delivered_record(golden_warehouse: Path) -> None:
    """By source, delivery, file and line, as the documents show."""
    back = "_delivery_id, _source_file, _source_line"
    with duckdb.connect(str(golden_warehouse), read_only=True) as connection:
        for mart in TIMELINES.values():
            told = connection.execute(f"select distinct source, {back} from marts.{mart}").fetchall()
            held = {
                (source, *record): count
                for source in {row[0] for row in told}
                for *record, count in connection.execute(
                    f"select {back}, count(*) from raw.{source} group by all"
                ).fetchall()
            }
            assert told and {held.get(row) for row in told} == {1}
