"""Any table of people: the column map, what is refused, and who is found to be who."""

from __future__ import annotations

import random
from pathlib import Path

import polars as pl
import pytest

from dagster_project.cli import main

MAP = """\
id: rec_id
forename: given_name
surname: surname
address: [street_number, address_1]
postcode: postcode
date_of_birth: {column: date_of_birth, format: "%Y%m%d"}
"""
HEAD = "rec_id, given_name, surname, street_number, address_1, suburb, postcode, date_of_birth"
FORENAMES = (
    "Mina", "Tobias", "Ingrid", "Rafael", "Saskia", "Owen", "Priya", "Lucian", "Freya", "Hassan", "Odile",
    "Bram", "Yuki", "Noor", "Casper",
)  # fmt: skip
SURNAMES = (
    "Thackeray", "Lindqvist", "Okonkwo", "Baptiste", "Ferreira", "Marlowe", "Hollis", "Vance", "Ostrowski",
    "Petrov", "Quill", "Abara",
)  # fmt: skip


def slip(random_: random.Random, text: str) -> str:
    """One letter doubled."""
    at = random_.randrange(1, len(text))
    return text[:at] + text[at] + text[at:]


def table(people: int, seed: int = 3) -> list[tuple[str, str]]:
    """Rows in the layout of a public benchmark, two for each person, and whose each is."""
    random_ = random.Random(seed)
    rows: list[tuple[str, str]] = []
    for number in range(people):
        forename, surname = random_.choice(FORENAMES), random_.choice(SURNAMES) + random_.choice("abcdefgh")
        home = f"{random_.randrange(1, 300)}, {random_.choice(SURNAMES)} street"
        rest = f"somewhere, {random_.randrange(2000, 2999)}, "
        birth = f"{random_.randrange(1930, 2005)}{random_.randrange(1, 13):02d}{random_.randrange(1, 29):02d}"
        rows.append((f"rec-{number}-org, {forename}, {surname}, {home}, {rest}{birth}", str(number)))
        spoilt = (slip(random_, forename), surname) if number % 2 else (forename, slip(random_, surname))
        if number % 5 == 0:
            birth = birth[:4] + birth[6:] + birth[4:6]
        rows.append((f"rec-{number}-dup-0, {', '.join(spoilt)}, {home}, {rest}{birth}", str(number)))
    random_.shuffle(rows)
    return rows


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "map.yml").write_text(MAP, "utf-8")
    return tmp_path


def written(folder: Path, rows: list[str], name: str = "people.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([HEAD, *rows]) + "\n", "utf-8")
    return path


def link(folder: Path, *more: str) -> int:
    told = ["link", "run", "--columns", str(folder / "map.yml"), "--out", str(folder / "persons.csv")]
    return main([*told, "--home", str(folder / "home"), *more])


def test_records_of_one_person_are_found(folder: Path) -> None:
    rows = table(520)
    people = written(folder, [row for row, _ in rows])
    assert link(folder, "--in", str(people)) == 0
    found = pl.read_csv(folder / "persons.csv", infer_schema=False)
    assert found.columns == ["table", "record_id", "person_id"]
    assert found.height == len(rows)
    whose = {row.split(",")[0]: person for row, person in rows}
    person = dict(found.select("record_id", "person_id").iter_rows())
    firsts = [record for record in whose if record.endswith("-org")]
    together = sum(person[record] == person[record.replace("-org", "-dup-0")] for record in firsts)
    assert together / len(firsts) > 0.95
    assert len(set(person.values())) > 0.95 * len(firsts)


def test_two_tables_are_linked_with_each_other(folder: Path) -> None:
    rows = [row for row, _ in table(60)]
    first = written(folder, [row for row in rows if "-org" in row])
    second = written(folder, [row for row in rows if "-dup-" in row], "others.csv")
    assert link(folder, "--in", str(first), "--against", str(second), "--weights", "shipped") == 0
    found = pl.read_csv(folder / "persons.csv", infer_schema=False)
    assert set(found["table"]) == {"in", "against"}
    both = found.group_by("person_id").agg(pl.col("table").n_unique() == 2)
    assert both["table"].mean() > 0.9  # pyright: ignore[reportOperatorIssue]


def test_the_same_table_gives_the_same_persons_in_any_order(folder: Path) -> None:
    rows = [row for row, _ in table(60)]
    assert link(folder, "--in", str(written(folder, rows)), "--weights", "shipped") == 0
    forwards = pl.read_csv(folder / "persons.csv").sort("record_id")
    assert link(folder, "--in", str(written(folder, rows[::-1])), "--weights", "shipped") == 0
    assert pl.read_csv(folder / "persons.csv").sort("record_id").equals(forwards)


def test_a_handful_of_records_is_linked_with_the_weights_that_are_shipped(folder: Path) -> None:
    people = written(folder, [row for row, _ in table(3)])
    assert link(folder, "--in", str(people), "--weights", "shipped") == 0
    assert pl.read_csv(folder / "persons.csv")["person_id"].n_unique() == 3


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ("forename: given_name\n", "which column is the id"),
        ("id: rec_id\n", "names no column to compare people by"),
        ("id: rec_id\nsurname: surname\nshoe_size: suburb\n", "shoe_size is nothing that is compared"),
        ("id: rec_id\nsurname: family_name\n", "has no column family_name; it has rec_id"),
        ("id: [", "cannot be read as YAML"),
    ],
)
def test_a_wrong_map_is_answered_with_what_is_wrong(
    told: str, says: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "map.yml").write_text(told, "utf-8")
    people = written(folder, [row for row, _ in table(3)])
    assert link(folder, "--in", str(people)) == 2
    assert says in capsys.readouterr().err
    assert not (folder / "persons.csv").exists()


def test_a_table_that_cannot_be_used_is_answered_in_a_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert link(folder, "--in", str(folder / "nowhere.csv")) == 2
    assert "nowhere.csv is not there" in capsys.readouterr().err
    twice = written(folder, ["rec-1, A, B, 1, C, D, 2000, 19800101"] * 2)
    assert link(folder, "--in", str(twice)) == 2
    assert "different in every row" in capsys.readouterr().err
    few = written(folder, [row for row, _ in table(3)])
    assert link(folder, "--in", str(few)) == 2
    assert "too few to learn weights from; add --weights shipped" in capsys.readouterr().err
