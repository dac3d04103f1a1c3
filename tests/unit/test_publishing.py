"""A publication is whole or absent, names nobody, is never said twice, and can be taken back."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dagster_project import settings
from dagster_project.publishing import (
    Mart,
    MartColumn,
    PublishingError,
    current,
    manifest_of,
    publish,
    roll_back,
    sha256_of,
    versions,
)
from dagster_project.query import QueryError, ask
from dagster_project.settings import Settings

DAY = date(2024, 12, 31)
MART = Mart(
    "mart_parties",
    "One row per party.",
    (
        MartColumn("party_id", "The party."),
        MartColumn("nominal_id", "Who it is.", "nominal"),
        MartColumn("sex", "As recorded.", "protected"),
    ),
)
PARTIES = [("p1", "SECRET-1", "F"), ("p2", "SECRET-2", None), ("p3", "SECRET-1", "M"), ("p4", None, "M")]


@contextmanager
def connected(path: Path, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(str(path), read_only=read_only)
    try:
        yield connection
    finally:
        connection.close()


def fill(here: Settings, parties: list[tuple[Any, ...]]) -> None:
    here.home.mkdir(parents=True, exist_ok=True)
    with connected(here.warehouse) as connection:
        connection.execute("create schema if not exists marts")
        connection.execute(
            "create or replace table marts.mart_parties (party_id varchar, nominal_id varchar, sex varchar)"
        )
        connection.executemany("insert into marts.mart_parties values (?, ?, ?)", parties)


@pytest.fixture
def here(tmp_path: Path) -> Settings:
    home = settings.load(tmp_path / "home")
    fill(home, PARTIES)
    return home


def put(here: Settings, day: date = DAY, reports: dict[str, str] | None = None) -> Any:
    return publish(here, day, [MART], reports or {"page.html": "<p>ok</p>"}, {"deliveries": "abc"})


def read(here: Settings, version: str = "current") -> list[tuple[Any, ...]]:
    with connected(here.published / version / "throughline.duckdb", read_only=True) as connection:
        return connection.execute("from mart_parties order by party_id").fetchall()


def test_ids_of_people_leave_under_pseudonyms_and_stay_the_same(here: Settings) -> None:
    done = put(here)
    assert (done.version, done.is_new, done.is_current) == ("2024-12-31-0001", True, True)
    found = read(here)
    assert [(row[0], row[2]) for row in found] == [(row[0], row[2]) for row in PARTIES]
    assert found[0][1] == found[2][1] != found[1][1]
    assert found[3][1] is None
    assert all(name is None or name.startswith("N-") for _, name, _ in found)
    for path in (here.published / done.version).rglob("*"):
        assert path.is_dir() or b"SECRET" not in path.read_bytes(), path
    fill(here, [*PARTIES, ("p5", "SECRET-3", "F")])
    put(here)
    assert read(here)[:4] == found


def test_a_dyad_leaves_as_the_two_people_that_it_is(here: Settings) -> None:
    """Whoever is told of alone and in a dyad is the same pseudonym in both, in every mart."""
    with connected(here.warehouse) as connection:
        connection.execute(
            "create or replace table marts.mart_dyads as select * from (values"
            " (1, 'SECRET-A>SECRET-B', 'SECRET-A', 'SECRET-B'),"
            " (2, 'SECRET-B>SECRET-A', 'SECRET-B', 'SECRET-A'),"
            " (3, null, 'SECRET-A', null)) as told (row_id, dyad_id, offender_person_id, victim_person_id)"
        )
    columns = (
        MartColumn("row_id", "The row."),
        MartColumn("dyad_id", "The two.", "dyad"),
        MartColumn("offender_person_id", "The one.", "linked_person"),
        MartColumn("victim_person_id", "The other.", "linked_person"),
    )
    publish(here, DAY, [Mart("mart_dyads", "One row per dyad.", columns)], {}, {})
    with connected(here.published / "current" / "throughline.duckdb", read_only=True) as connection:
        told = connection.execute("select * from mart_dyads order by row_id").fetchall()
    (_, dyad, one, other), (_, reverse, *swapped), (_, nothing, alone, nobody) = told
    assert one != other and one[:2] == other[:2] == "L-" and "SECRET" not in str(told)
    assert (dyad, reverse) == (f"{one}>{other}", f"{other}>{one}")
    assert swapped == [other, one] and (nothing, alone, nobody) == (None, one, None)


def test_only_the_identity_file_undoes_a_pseudonym_and_only_its_owner_reads_it(here: Settings) -> None:
    put(here)
    with connected(here.identity, read_only=True) as connection:
        known = dict(connection.execute("select pseudonym, plain from identities").fetchall())
    assert [known.get(row[1]) for row in read(here)] == [row[1] for row in PARTIES]
    for path in (here.identity, here.state / "pseudonyms.key"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with connected(here.published / "current" / "throughline.duckdb", read_only=True) as connection:
        (comment,) = connection.execute(
            "select comment from duckdb_columns() where column_name = 'nominal_id'"
        ).fetchone() or ("",)
    assert comment == "Who it is."


@pytest.mark.parametrize("column", [MartColumn("pii_surname", "x"), MartColumn("log_text", "x", "prose")])
def test_a_mart_that_could_name_somebody_is_refused_before_anything_is_written(
    here: Settings, column: MartColumn
) -> None:
    with pytest.raises(PublishingError, match=rf"mart_x\.{column.name} may identify a person"):
        publish(here, DAY, [Mart("mart_x", "One row.", (column,))], {}, {})
    assert not here.published.exists()


def test_the_same_content_is_published_once_and_a_change_makes_a_new_version(here: Settings) -> None:
    first = put(here)
    again = put(here)
    assert (again.version, again.is_new) == (first.version, False)
    fill(here, PARTIES[::-1])  # another order of rows is no change
    assert not put(here).is_new
    fill(here, PARTIES[1:])
    assert put(here).version == "2024-12-31-0002"
    assert put(here, reports={"page.html": "changed"}).version == "2024-12-31-0003"
    assert versions(here.published) == [f"2024-12-31-000{number}" for number in (1, 2, 3)]


def test_an_earlier_day_is_published_but_not_shown_instead_of_a_later_one(here: Settings) -> None:
    put(here)
    earlier = put(here, date(2024, 12, 3))
    assert (earlier.version, earlier.is_new, earlier.is_current) == ("2024-12-03-0001", True, False)
    assert current(here.published) == "2024-12-31-0001"


def test_rolling_back_shows_the_version_before_and_says_when_there_is_none(here: Settings) -> None:
    with pytest.raises(PublishingError, match="nothing is published"):
        roll_back(here.published)
    put(here)
    fill(here, PARTIES[1:])
    put(here)
    assert len(read(here)) == 3
    assert roll_back(here.published) == "2024-12-31-0001"
    assert len(read(here)) == 4
    with pytest.raises(PublishingError, match="oldest"):
        roll_back(here.published)
    with pytest.raises(PublishingError, match="2030-01-01-0001 is not published; there are 2024-12-31-0001"):
        roll_back(here.published, "2030-01-01-0001")
    assert roll_back(here.published, "2024-12-31-0002") == "2024-12-31-0002"


def test_the_manifest_holds_the_hash_of_every_file_and_no_clock(here: Settings) -> None:
    version = put(here).version
    told = manifest_of(here.published, version)
    folder = here.published / version
    held = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {file["path"] for file in told["files"]} | {"manifest.json"} == held
    for file in told["files"]:
        assert sha256_of(folder / file["path"]) == file["sha256"]
    assert told["tables"][0]["rows"] == 4
    assert "at" not in {key.split("_")[-1] for key in json.loads((folder / "manifest.json").read_text())}


def test_a_reader_of_the_old_version_keeps_it_through_a_swap(here: Settings) -> None:
    put(here)
    with connected(here.published / "current" / "throughline.duckdb", read_only=True) as reader:
        fill(here, PARTIES[1:])
        put(here)
        assert reader.execute("select count(*) from mart_parties").fetchone() == (4,)
    assert len(read(here)) == 3


KILLED = """
import os, signal, sys
from dagster_project import publishing, settings
from tests.unit.test_publishing import DAY, MART
at = int(sys.argv[2])
def kill_at(frame, event, argument):
    global at
    if event == "call" and frame.f_code.co_filename == publishing.__file__:
        at -= 1
        if at == 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.setprofile(kill_at)
here = settings.load(publishing.Path(sys.argv[1]))
publishing.publish(here, DAY, [MART], {"page.html": "new"}, {"deliveries": "x"})
"""


@pytest.mark.parametrize("at", [2, 5, 8, 11, 14, 17, 20, 23])
def test_a_kill_while_publishing_leaves_the_old_version_or_the_new_one_whole(here: Settings, at: int) -> None:
    put(here)
    fill(here, PARTIES[1:])
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(here.home), str(at)],
        env=os.environ | {"PYTHONPATH": str(settings.REPOSITORY)},
        capture_output=True,
        check=False,
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr.decode()
    shown = current(here.published)
    assert shown in versions(here.published)
    assert len(read(here)) == (4 if shown == "2024-12-31-0001" else 3)
    for file in manifest_of(here.published, str(shown))["files"]:
        assert sha256_of(here.published / str(shown) / file["path"]) == file["sha256"]
    after = publish(here, DAY, [MART], {"page.html": "new"}, {"deliveries": "x"})
    assert after.version == "2024-12-31-0002"
    assert len(read(here)) == 3
    assert not list(here.published.glob(".making*"))


@pytest.mark.parametrize(
    "question",
    [
        "copy (select 1) to '{folder}/out.csv'",
        "select * from read_csv('{folder}/secret.csv')",
        "attach '{folder}/other.duckdb'",
        "install httpfs",
        "load httpfs",
        "set memory_limit = '100GB'",
        "set enable_external_access = true",
        "create table t as select 1",
        "delete from mart_parties",
        "export database '{folder}/all'",
        "pragma database_list; copy mart_parties to '{folder}/out.csv'",
    ],
)
def test_a_question_can_do_nothing_but_ask(here: Settings, tmp_path: Path, question: str) -> None:
    put(here)
    (tmp_path / "secret.csv").write_text("a\n1\n")
    before = sorted(path.as_posix() for path in tmp_path.rglob("*"))
    with pytest.raises(QueryError):
        ask(here.published, question.format(folder=tmp_path), limit=10, seconds=10)
    assert sorted(path.as_posix() for path in tmp_path.rglob("*")) == before
    assert len(read(here)) == 4


def test_an_answer_is_cut_stopped_and_shown_in_three_forms(here: Settings) -> None:
    with pytest.raises(QueryError, match="nothing is published"):
        ask(here.published, "select 1", limit=1, seconds=1)
    put(here)
    answer = ask(here.published, "select party_id, sex from mart_parties order by 1", limit=2, seconds=10)
    assert (answer.rows, answer.is_cut) == ([("p1", "F"), ("p2", None)], True)
    assert answer.render("csv") == "party_id,sex\np1,F\np2,"
    assert json.loads(answer.render("json"))[1] == {"party_id": "p2", "sex": None}
    assert answer.render("table").splitlines() == [
        "party_id  sex",
        "--------  ---",
        "p1        F",
        "p2",
        "(first 2 rows; --limit shows more)",
    ]
    with pytest.raises(QueryError, match=r"stopped after 0\.2 seconds"):
        endless = "select sum(a.range * b.range) from range(1000000000) a, range(1000) b"
        ask(here.published, endless, limit=1, seconds=0.2)
