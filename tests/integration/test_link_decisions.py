"""A person's decision about two nominals: linking heeds it from its moment on, and not before.

Whole runs after a decision are in `test_run.py`.
"""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from dagster_project import identity, resolving, settings, state
from dagster_project.cli import main
from dagster_project.settings import Settings
from dagster_project.warehouse import Warehouse, rows

WHO = "select * from identity.person_nominals order by nominal_id, known_from_at"
LINKED = "select nominal_id, other_nominal_id from identity.links order by match_weight, nominal_id limit 1"


@pytest.fixture
def here(shared_home: Path, tmp_path: Path) -> Settings:
    shutil.copytree(shared_home, tmp_path / "home", symlinks=True)
    return settings.load(tmp_path / "home", tmp_path)


def link_again(here: Settings) -> identity.Identified:
    """What a run's linking does, without the rest of the run."""
    store = Warehouse(here)
    with store.building() as connection:
        found = identity.identify(here, connection, lambda *_: None)
    store.swap_in()
    return found


def told_of(here: Settings, pair: tuple[str, str]) -> list[dict[str, Any]]:
    """What each of the two was, from when until when."""
    with Warehouse(here).standing() as connection:
        return [row for row in rows(connection, WHO) if row["nominal_id"] in pair]


def persons(told: list[dict[str, Any]], as_of: datetime | None = None) -> set[str]:
    """Who the two are now, or were as known strictly before a moment."""
    return {
        row["person_id"]
        for row in told
        if (as_of is None or row["known_from_at"] < as_of)
        and (row["known_until_at"] is None or (as_of is not None and row["known_until_at"] >= as_of))
    }


def decide(here: Settings, pair: tuple[str, str], verdict: str) -> datetime:
    """By the command, the other way round; since when it counts."""
    said = ["--by", "A. Officer", "--why", "fingerprints", "--home", str(here.home)]
    assert main(["link", "decide", *reversed(pair), verdict, *said]) == 0
    kept = state.link_decisions(here).filter(pl.col("nominal_id") == min(pair))
    assert kept["verdict"].to_list() == [verdict]
    return kept["known_from_at"][0]


def test_two_who_are_said_to_be_one_are_one_from_then_on(
    here: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = identity.review_list(here)
    pair = (str(asked["nominal_id"][0]), str(asked["other_nominal_id"][0]))
    assert main(["link", "review", "--home", str(here.home)]) == 0
    assert f"{pair[0]} and {pair[1]}: " in capsys.readouterr().out
    before = told_of(here, pair)
    assert len(persons(before)) == 2
    decided_at = decide(here, pair, "same")
    found = link_again(here)
    after = told_of(here, pair)
    assert len(persons(after)) == 1
    assert persons(after, decided_at) == persons(before)
    assert found.new_merges == 1 and found.waiting == identity.review_list(here).height < asked.height
    assert state.link_decisions(here).height == 1


def test_two_who_are_said_to_be_two_come_apart_until_somebody_says_otherwise(here: Settings) -> None:
    with Warehouse(here).standing() as connection:
        (row,) = rows(connection, LINKED)
    pair = (str(row["nominal_id"]), str(row["other_nominal_id"]))
    before = told_of(here, pair)
    assert len(persons(before)) == 1
    decided_at = decide(here, pair, "different")
    link_again(here)
    after = told_of(here, pair)
    assert len(persons(after)) == 2
    assert persons(after, decided_at) == persons(before)
    decide(here, pair, "same")
    link_again(here)
    assert told_of(here, pair) == before


def test_the_newest_word_on_a_pair_counts(tmp_path: Path) -> None:
    here, moment = settings.load(tmp_path), datetime(2024, 12, 31)
    for verdict in ("same", "different", "same", "different"):
        state.decide_link(here, ("N1", "N2"), verdict, "A. Officer", "looked again", moment)
    assert state.link_decisions(here)["verdict"].to_list() == ["different"]


def test_only_whom_something_new_bears_on_is_gone_through(here: Settings) -> None:
    asked = identity.review_list(here)
    pair = (str(asked["nominal_id"][0]), str(asked["other_nominal_id"][0]))
    with Warehouse(here).building() as connection:
        connection.execute(identity.sightings_of(identity.SIGHTINGS))
        unheard = resolving.resolve(connection, state.link_decisions(here), by_number=True)
        decide(here, pair, "same")
        stirred = resolving.resolve(connection, state.link_decisions(here), by_number=True)
        after = {table: rows(connection, kept_as(table)) for table in resolving.KEPT}
        connection.execute("delete from identity.person_components")
        everybody = resolving.resolve(connection, state.link_decisions(here), by_number=True)
        assert {table: rows(connection, kept_as(table)) for table in resolving.KEPT} == after
    assert unheard == 0
    assert 2 <= stirred < everybody / 10


def kept_as(table: str) -> str:
    """All that stands in a table about persons, in one order."""
    return f"select * from identity.{table} order by all"
