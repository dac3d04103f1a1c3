"""The whole run, for real, on a small force: what it tells, what it publishes, what it leaves alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dagster_project import identity, settings
from dagster_project.cli import main
from dagster_project.publishing import DATABASE, current, versions
from dagster_project.warehouse import Warehouse, rows
from tests.deliveries import contents, rewrite, tell, told_by

WHO_NOW = "from identity.person_nominals where known_until_at is null and nominal_id in"


def run(*arguments: object) -> int:
    return main(["run", *map(str, arguments)])


def published(home: Path) -> dict[str, tuple[int, str]]:
    return contents(home / "published" / "current" / DATABASE)


def touched(folder: Path) -> dict[Path, int]:
    """When each file was last written."""
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def copy_of(home: Path, to: Path) -> Path:
    """A home of one's own, in which links are links again."""
    shutil.copytree(home, to, symlinks=True)
    return to


@pytest.fixture
def home(shared_home: Path, tmp_path: Path) -> Path:
    return copy_of(shared_home, tmp_path / "home")


@pytest.fixture
def extracts(few_extracts: Path, tmp_path: Path) -> Path:
    shutil.copytree(few_extracts, tmp_path / "extracts")
    return tmp_path / "extracts"


def decided_same(home: Path) -> tuple[str, str]:
    """The first pair that waits for a person, decided."""
    pair = identity.review_list(settings.load(home)).select("nominal_id", "other_nominal_id").row(0)
    said = ["--by", "A. Officer", "--why", "the same fingerprints", "--home", str(home)]
    assert main(["link", "decide", *pair, "same", *said]) == 0
    return pair


def with_the_key_of(shared_home: Path, home: Path) -> Path:
    """An empty home that gives the same pseudonyms."""
    shutil.copytree(shared_home / "state", home / "state")
    return home


def test_a_run_on_the_same_extracts_loads_nothing_and_publishes_the_same(
    shared_home: Path, few_extracts: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = touched(home / "deliveries")
    warehouse, marts = contents(home / "warehouse.duckdb"), published(home)
    assert run("--extracts", few_extracts, "--home", home) == 0
    told = capsys.readouterr().out
    assert "Nothing has changed since" in told
    assert versions(home / "published") == [current(home / "published")]
    assert touched(home / "deliveries") == before
    assert contents(home / "warehouse.duckdb") == warehouse
    assert published(home) == marts
    assert len(marts) >= 7 and all(rows for rows, _ in marts.values())


def test_late_renamed_and_repeated_deliveries_give_identical_marts(
    shared_home: Path, extracts: Path, tmp_path: Path
) -> None:
    """First a run that knows only the newest deliveries, then one that finds all, some twice and renamed."""
    later = tmp_path / "later"
    for source in sorted(path for path in extracts.iterdir() if path.is_dir()):
        folders = sorted(source.iterdir())
        shutil.copytree(folders[-1], later / source.name / "whatever it is called")
    home = with_the_key_of(shared_home, tmp_path / "home")
    assert run("--extracts", later, "--home", home) == 0
    for source in sorted(path for path in extracts.iterdir() if path.is_dir()):
        for number, folder in enumerate(sorted(source.iterdir(), reverse=True)):
            folder.rename(source / f"renamed {number}")
        shutil.copytree(source / "renamed 1", source / "again")
    assert run("--extracts", extracts, "--home", home) == 0
    assert published(home) == published(shared_home)
    ours, theirs = (contents(one / "warehouse.duckdb") for one in (home, shared_home))
    assert ours == theirs


def test_a_run_knows_nothing_later_than_its_cut_off(
    shared_home: Path, few_extracts: Path, home: Path
) -> None:
    """At an earlier cut-off: what a home publishes that never got the later deliveries, nor a decision."""
    decided_same(home)
    assert run("--extracts", few_extracts, "--home", home, "--cut-off", "2024-12-03") == 0
    assert current(home / "published") == "2024-12-31-0001"
    (version,) = (name for name in versions(home / "published") if name.startswith("2024-12-03"))
    then = home.with_name("then")
    earlier = home.with_name("earlier")
    for manifest in few_extracts.glob("*/*/manifest.json"):
        if told_by(manifest.parent)["received_at"] < "2024-12-03":
            shutil.copytree(manifest.parent, earlier / manifest.parent.relative_to(few_extracts))
    with_the_key_of(shared_home, then)
    assert run("--extracts", earlier, "--home", then, "--cut-off", "2024-12-03") == 0
    assert published(then) == contents(home / "published" / version / DATABASE)


def test_a_refused_delivery_is_told_and_the_others_go_on(
    extracts: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pair = decided_same(home)
    folder = sorted((extracts / "custody").iterdir())[-1]
    told = told_by(folder)
    new = extracts / "custody" / "2025-01-20"
    shutil.copytree(folder, new)
    tell(new, told | {"received_at": "2025-01-20T06:00:00"})
    (file,) = (path for path in new.iterdir() if path.name != "manifest.json")
    file.write_bytes(file.read_bytes()[:-10])
    assert main(["refresh", "--extracts", str(extracts), "--home", str(home)]) == 0
    out = capsys.readouterr().out
    assert "Refused as a whole; the others went on" in out
    assert "custody" in out and file.name in out
    assert current(home / "published") == "2025-01-21-0001"  # a refresh stands after the newest receipt
    with Warehouse(settings.load(home)).standing() as connection:
        (found,) = rows(connection, f"select count(distinct person_id) as persons {WHO_NOW} {pair}")
    assert found["persons"] == 1  # and heeds what a person decided


def test_a_failed_critical_expectation_stops_the_run_and_the_publication_stays(
    extracts: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Parties of crimes that nobody has: every row is well formed, and all of them lead nowhere."""
    before = published(home)
    folder = sorted((extracts / "crime_parties").iterdir())[0]
    new = folder.with_name("another")
    shutil.copytree(folder, new)
    told = told_by(folder)
    for file in told["files"][:-1]:
        (new / file["name"]).unlink()
    tell(new, told | {"received_at": "2024-12-30T09:00:00", "files": told["files"][-1:]})
    rewrite(new, lambda raw: raw.replace(b";CR", b";CRX9"))
    assert run("--extracts", extracts, "--home", home) == 1
    out = capsys.readouterr().out
    assert "The run stopped; what was published before stays as it was." in out
    assert "crime_parties" in out
    assert "crime of a party is known" in (home / "stopped" / "quality.html").read_text("utf-8").lower()
    assert published(home) == before
    shutil.rmtree(new)
    for left in (home / "deliveries" / "crime_parties").iterdir():
        if '"received_at": "2024-12-30T09:00:00"' in (left / "manifest.json").read_text():
            shutil.rmtree(left)
    assert run("--extracts", extracts, "--home", home) == 0
    assert published(home) == before


def test_bad_arguments_are_answered_in_one_line(
    tmp_path: Path, few_extracts: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    for arguments, answer in (
        (["--extracts", tmp_path / "empty"], "there is no delivery in"),
        (["--extracts", tmp_path / "nowhere"], "does not exist"),
        (["--extracts", few_extracts, "--cut-off", "2024-12-25"], "is not a cut-off"),
        (["--extracts", few_extracts, "--cut-off", "Christmas"], "is not a day"),
    ):
        assert run(*arguments, "--home", tmp_path / "home") == 2
        error = capsys.readouterr().err
        assert answer in error and error.count("\n") == 1, error
    assert not (tmp_path / "home" / "published").exists()


def test_a_second_run_at_once_is_refused(home: Path, few_extracts: Path) -> None:
    from dagster_project.run import RunRefused, alone

    here = settings.load(home)
    with alone(here), pytest.raises(RunRefused, match="a run is at work"), alone(here):
        pass


def test_no_identity_is_published_logged_or_told_to_dagster(shared_home: Path, few_extracts: Path) -> None:
    """Addresses, numbers and names of some parties, looked for in everything outside the zone."""
    import csv

    folder = sorted((few_extracts / "crime_parties").iterdir())[0]
    file = sorted(path for path in folder.iterdir() if path.suffix == ".csv")[-1]
    with file.open(encoding="cp1252", newline="") as lines:
        parties = [row for row, _ in zip(csv.DictReader(lines, delimiter=";"), range(400), strict=False)]
    canaries = {
        row[name].encode()
        for row in parties
        for name in ("address", "phone", "nominal_ref", "postcode")
        if row.get(name) and row[name] != "NULL" and len(row[name]) > 6
    }
    assert len(canaries) > 300
    outside = [shared_home / "published", shared_home / "dagster", shared_home / "dbt"]
    for path in (path for folder in outside for path in folder.rglob("*") if path.is_file()):
        held = path.read_bytes()
        assert not [canary for canary in canaries if canary in held], path


def test_the_run_speaks_of_its_progress_and_ends_with_where_to_look(
    shared_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, err = (shared_home.with_suffix(ending).read_text() for ending in (".out", ".err"))
    for stage in ("starting Dagster", "custody: ", "judging crimes", "building the marts", "publishing"):
        assert stage in err
    for part in (
        "What arrived",
        "Refused",
        "Gates:",
        "Who is who, by weights",
        "Look next at",
        "mart_crimes",
        "custody",
    ):
        assert part in out
    question = "select count(*) as n from mart_crimes"
    assert main(["sql", "--home", str(shared_home), "--form", "csv", question]) == 0
    assert int(capsys.readouterr().out.split()[1]) > 100
    assert list((shared_home / "published").iterdir()) and not list(shared_home.glob("warehouse.building*"))
