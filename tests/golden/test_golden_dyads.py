"""Every golden dyad's timeline is the one that was written by hand; all of them are built at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dagster_project import built
from dagster_project.dbt_manifest import cut_off_of, run_dbt
from dagster_project.settings import Settings
from tests.conftest import made_once
from tests.deliveries import contents
from tests.golden.extracts import CUT_OFF, HERE, golden_names, lay_out, rows_of

LEAD_BACK = {
    "expected": "source",
    "expected_of_offenders": "source",
    "expected_harms": "source",
    "expected_exposure": "source",
    "expected_offences": "'crimes'",
    "expected_outcomes": "'crimes'",
}
"""Where each row names its delivery, file and line, and what names its source."""
TOLD = {
    "expected": ("marts.mart_dyad_timeline", "offender_person_id", "dyad_id, event_number"),
    "expected_of_offenders": (
        "marts.mart_offender_timeline",
        "offender_person_id",
        "offender_person_id, event_number",
    ),
    "expected_outcomes": ("marts.mart_outcomes", "crime_id", "crime_id"),
    "expected_offences": ("outcomes.out_offences", "crime_id", "crime_id, known_from_at"),
    "expected_steps": ("outcomes.out_steps", "crime_id", "crime_id, occurred_at, source, known_from_at"),
    "expected_courses": ("outcomes.out_courses", "dyad_id", "dyad_id, known_from_at"),
    "expected_harms": (
        "outcomes.out_harms",
        "coalesce(offender_person_id, victim_person_id)",
        "occurred_at, event_id, dyad_id, known_from_at",
    ),
    "expected_signs": ("marts.mart_dyad_signs", "offender_person_id", "dyad_id"),
    "expected_codes": ("marts.mart_dyad_codes", "offender_person_id", "dyad_id, code"),
    "expected_exposure": (
        "outcomes.out_exposure",
        "person_id",
        "person_id, from_date, exposure_kind, known_from_at",
    ),
}
"""What was written by hand, by its file: the relation that it tells of, whose rows, and their order."""


EARLIER = [date(2024, 5, 3), date(2024, 8, 25)]
"""Cut-offs on the way: after one a counter-allegation follows, after the other a release is learned of."""


def laid_out(folder: Path) -> Settings:
    here = Settings(home=folder, extracts=folder / "extracts")
    folder.mkdir(parents=True)
    lay_out(here.warehouse)
    return here


def build(here: Settings, as_of: date) -> None:
    wanted = sorted({f"+{relation.split('.')[1]}" for relation, _, _ in TOLD.values()} | {"+dim_persons"})
    kinds = ["--resource-type", "model", "--resource-type", "seed"]
    run_dbt(here, "build", "--vars", cut_off_of(as_of), *kinds, "--select", *wanted)


@pytest.fixture(scope="session")
def golden_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(folder: Path) -> None:
        build(laid_out(folder), CUT_OFF)

    return made_once(tmp_path_factory, "golden_home", make) / "warehouse.duckdb"


def shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def told_of(warehouse: Path, name: str, told: str, columns: list[str]) -> list[dict[str, str]]:
    """The rows of one golden, under the names that it was written with."""
    relation, whose, order = TOLD[told]
    query = f"select {', '.join(columns)} from {relation} where {whose} like '{name}:%' order by {order}"
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        found = connection.execute(query).fetchall()
    return [
        {column: shown(cell).replace(f"{name}:", "") for column, cell in zip(columns, row, strict=True)}
        for row in found
    ]


@pytest.mark.parametrize("name", golden_names())
def test_what_comes_of_it_is_what_was_written_by_hand(golden_warehouse: Path, name: str) -> None:
    for told in TOLD:
        expected = rows_of(HERE / name / f"{told}.csv")
        if expected:
            assert told_of(golden_warehouse, name, told, list(expected[0])) == expected, told


def test_a_build_that_goes_on_from_cut_off_to_cut_off_comes_to_the_same(
    golden_warehouse: Path, tmp_path: Path
) -> None:
    """Timelines go on from the first day of which something else is told: nothing before it may change."""
    here = laid_out(tmp_path / "home")
    built_then: list[dict[str, tuple[int, str]]] = []
    for as_of in [*EARLIER, CUT_OFF]:
        build(here, as_of)
        built_then.append(told_in(here.warehouse))
        with duckdb.connect(str(here.warehouse)) as connection:
            built.end(connection, "", as_of)
    assert built_then[-1] == told_in(golden_warehouse)
    timelines = [held["marts.mart_dyad_timeline"] for held in built_then]
    assert len(set(timelines)) == len(timelines)


def told_in(warehouse: Path) -> dict[str, tuple[int, str]]:
    """Everything that was built, but the lists of what there was to do."""
    held = contents(warehouse, ("intermediate", "core", "outcomes", "marts"))
    return {name: rows for name, rows in held.items() if "int_touched__" not in name}


def test_each_table_is_written_by_hand_somewhere_and_no_file_is_left_unread() -> None:
    written = {path.stem for name in golden_names() for path in (HERE / name).glob("expected*.csv")}
    assert written == set(TOLD)


def test_each_golden_says_what_it_guards_and_there_are_enough() -> None:
    names = golden_names()
    assert len(names) >= 15
    assert [name for name in names if len((HERE / name / "guards.txt").read_text("utf-8").split()) < 8] == []
    assert [name for name in names if not rows_of(HERE / name / "expected.csv")] == []


def test_every_row_leads_back_to_one_delivered_record(golden_warehouse: Path) -> None:
    """By source, delivery, file and line, as the documents show."""
    back = "_delivery_id, _source_file, _source_line"
    with duckdb.connect(str(golden_warehouse), read_only=True) as connection:
        for name, source in LEAD_BACK.items():
            query = f"select distinct {source} as source, {back} from {TOLD[name][0]}"
            told = connection.execute(query).fetchall()
            held = {
                (source, *record): count
                for source in {row[0] for row in told}
                for *record, count in connection.execute(
                    f"select {back}, count(*) from raw.{source} group by all"
                ).fetchall()
            }
            assert told and {held.get(row) for row in told} == {1}
