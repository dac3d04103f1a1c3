"""Nothing later than the cut-off is used: take away all that became known later, and nothing changes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import duckdb
import pytest

from dagster_project.contracts import load_contracts
from dagster_project.settings import Settings
from tests.as_known import Compared, compare
from tests.building_again import Dbt, build_from, build_marts
from tests.taking_away import TakenAway, known_before

HISTORY_CAME = datetime(2024, 1, 1, 6)
MOMENTS = (datetime(2023, 4, 25), datetime(2023, 12, 5), datetime(2024, 12, 3))
TESTS = Path(__file__).parents[1]


@dataclass(frozen=True)
class Pair:
    """The warehouse of everything, built as of a moment, and that of what was known by then."""

    moment: datetime
    full: Path
    then: Path
    dbt_target: Path
    taken: TakenAway

    def compared(self) -> Compared:
        return compare(self.full, self.then, self.moment)


@pytest.fixture(scope="module")
def pair_at(
    tmp_path_factory: pytest.TempPathFactory, shared_home: Path, few_extracts: Path
) -> Callable[[datetime], Pair]:
    """Builds of a moment, made when they are first asked for."""
    dbt = Dbt(shared_home)

    @cache
    def pair(moment: datetime) -> Pair:
        folder = tmp_path_factory.mktemp(f"{moment:%Y-%m-%d}")
        here = Settings(home=folder / "home", extracts=folder / "extracts")
        taken = known_before(moment, few_extracts, here.extracts, load_contracts())
        build_from(here, moment, dbt, taken, shared_home / "warehouse.duckdb")
        full = Settings(home=folder / "full", extracts=few_extracts)
        full.home.mkdir()
        shutil.copyfile(shared_home / "warehouse.duckdb", full.building)
        build_marts(full, moment, dbt, "--select", *dbt.asks_for_the_cut_off)
        return Pair(moment, full.building, here.building, here.dbt_target, taken)

    return pair


def told_later(pair: Pair) -> dict[str, int]:
    """How much more became known from the moment on, by kind."""
    question = (TESTS / "late_knowledge.sql").read_text("utf-8")
    with duckdb.connect(str(pair.full), read_only=True) as connection:
        return dict(connection.execute(question, {"moment": pair.moment}).fetchall())


@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: f"{moment:%Y-%m-%d}")
def test_what_became_known_later_changes_nothing(
    pair_at: Callable[[datetime], Pair], moment: datetime
) -> None:
    pair = pair_at(moment)
    later, taken, compared = told_later(pair), pair.taken, pair.compared()
    assert compared.differences == ()
    assert compared.rows.keys() >= {"core.fct_events", "identity.person_nominals", "marts.mart_crimes"}
    empty = {table for table, rows in compared.rows.items() if not rows and "int_touched__" not in table}
    assert empty <= {
        "coded.passed_over",
        "staging.stg_communications__records",
        "staging.stg_locations__fixes",
    }
    assert taken.deliveries.total() >= len(load_contracts())
    assert [kind for kind, things in later.items() if not things and kind != "suspects named"] == []
    if moment < HISTORY_CAME:
        assert later["suspects named"] and min(
            taken.rows[source] for source in ("crimes", "custody", "orders")
        )
        assert {*taken.values} == {
            f"{source}.{column}"
            for source, contract in load_contracts().items()
            for column in contract.overwritten_in_place
        }


def crimes_of(pair: Pair, instead: str) -> str:
    """The SQL of mart_crimes as dbt ran it, with something else in the place of the rule of time."""
    (path,) = pair.dbt_target.glob("compiled/**/mart_crimes.sql")
    at = f"cast('{pair.moment:%Y-%m-%d}' as timestamp)"
    still = f"(offences.known_until_at is null or offences.known_until_at >= {at})"
    rule = f"offences.known_from_at < {at}\n        and {still}"
    text = path.read_text("utf-8")
    assert text.count(rule) == 1
    return text.replace(rule, instead)


def test_what_only_the_future_knows_is_found(pair_at: Callable[[datetime], Pair]) -> None:
    """A mart without the rule of time, one of newest versions, events with a column of the newest version."""
    pair = pair_at(MOMENTS[0])
    planted = {
        "core.planted_events": (TESTS / "planted_events.sql").read_text("utf-8"),
        "marts.planted_every_version": crimes_of(pair, "true"),
        "marts.planted_newest_version": crimes_of(pair, "offences.known_until_at is null"),
    }
    for warehouse in (pair.full, pair.then):
        with duckdb.connect(str(warehouse)) as connection:
            for table, query in planted.items():
                connection.execute(f"create view {table} as {query}")
    assert [one.table for one in pair.compared().differences] == sorted(planted)
