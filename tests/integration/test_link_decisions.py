"""A person's decision about two nominals: the next run heeds it, keeps it, and tells nobody earlier of it."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from dagster_project import identity, settings, state
from dagster_project.cli import main
from dagster_project.warehouse import Warehouse, rows


@pytest.fixture
def home(shared_home: Path, tmp_path: Path) -> Path:
    shutil.copytree(shared_home, tmp_path / "home", symlinks=True)
    return tmp_path / "home"


def memberships(here: settings.Settings, nominals: tuple[str, str]) -> list[dict[str, Any]]:
    """What each of the two was, from when until when."""
    with Warehouse(here).standing() as connection:
        every = rows(connection, "select * from identity.person_nominals order by nominal_id, known_from_at")
    return [row for row in every if row["nominal_id"] in nominals]


def persons(told: list[dict[str, Any]]) -> set[str]:
    """Who the two are now."""
    return {row["person_id"] for row in told if row["known_until_at"] is None}


def test_the_next_run_heeds_what_a_person_decided(
    home: Path, few_extracts: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here = settings.load(home, few_extracts)
    asked = identity.review_list(here)
    pair = (str(asked["nominal_id"][0]), str(asked["other_nominal_id"][0]))
    before = memberships(here, pair)
    assert len(persons(before)) == 2
    assert main(["link", "review", "--home", str(home)]) == 0
    assert f"{pair[0]} and {pair[1]}: " in capsys.readouterr().out
    said = ["--by", "A. Officer", "--why", "the same fingerprints", "--home", str(home)]
    assert main(["link", "decide", *reversed(pair), "same", *said]) == 0

    assert main(["run", "--extracts", str(few_extracts), "--home", str(home)]) == 0
    told = capsys.readouterr().out
    after = memberships(here, pair)
    assert len(persons(after)) == 1
    assert "merges new in this run" in told and "Who is who, by weights " in told
    kept = state.link_decisions(here)
    assert kept.select("nominal_id", "other_nominal_id", "verdict").rows() == [(*sorted(pair), "same")]
    assert identity.review_list(here).height < asked.height

    # whoever asks as of an earlier day, or the very moment of the decision, is told what was said before it
    decided_at = kept["known_from_at"][0]
    known_before_it = [row for row in after if row["known_from_at"] < decided_at]
    assert [{**row, "known_until_at": None} for row in known_before_it] == [
        {**row, "known_until_at": None} for row in before
    ]
    assert {row["known_from_at"] for row in after if row not in before} - {
        row["known_from_at"] for row in before
    } == {decided_at}


def test_the_newest_word_on_a_pair_counts(tmp_path: Path) -> None:
    here, moment = settings.load(tmp_path), datetime(2024, 12, 31)
    for verdict in ("different", "same", "different"):
        state.decide_link(here, ("N1", "N2"), verdict, "A. Officer", "looked again", moment)
    assert state.link_decisions(here)["verdict"].to_list() == ["different"]
