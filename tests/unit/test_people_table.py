"""Any table of people: what a map and a table must be, and when relatives are looked out for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from dagster_project.cli import REFUSED, main
from dagster_project.warehouse import in_memory
from ml.linkage import frozen, linking, people_table, settings

MAP = "id: rec_id\nforename: given_name\ndate_of_birth: {column: born, format: '%d/%m/%Y'}\n"
TABLE = b"rec_id,given_name,born\n1,zoe,12/04/1987\n2,piotr,30/11/1995\n"


def run(folder: Path, table: bytes = TABLE, told: str = MAP, out: str = "out.csv") -> int:
    (folder / "people.csv").write_bytes(table)
    (folder / "map.yml").write_text(told, encoding="utf-8")
    asked = ["--in", str(folder / "people.csv"), "--columns", str(folder / "map.yml")]
    return main(["link", "run", *asked, "--out", str(folder / out), "--weights", "shipped"])


def test_each_record_has_its_person(tmp_path: Path) -> None:
    assert run(tmp_path, TABLE + b"3,zoe,12/04/1987\n") == 0
    found = pl.read_csv(tmp_path / "out.csv", infer_schema=False)
    assert found.select("table", "record_id").rows() == [("in", "1"), ("in", "2"), ("in", "3")]


REFUSALS: dict[str, tuple[dict[str, Any], str]] = {
    "an empty file": ({"table": b""}, "cannot be read as CSV"),
    "a table without rows": ({"table": b"rec_id,given_name,born\n"}, "has no rows"),
    "one id twice": ({"table": TABLE + b" 2,anna,01/02/1990\n"}, "rec_id must be filled and different"),
    "a row without an id": ({"table": TABLE + b",anna,01/02/1990\n"}, "rec_id must be filled and different"),
    "another encoding": ({"table": TABLE.replace(b"zoe", b"zo\xeb")}, "it must be UTF-8"),
    "a row that is too long": ({"table": TABLE + b"3,a,01/02/1990,more\n"}, "cannot be read as CSV"),
    "a column that is missing": ({"told": MAP + "surname: family\n"}, "has no column family; it has rec_id,"),
    "dates of another form": (
        {"told": MAP.replace("%d/%m/%Y", "%Y%m%d")},
        "reads as %Y%m%d; the first is 12/",
    ),
    "no id": ({"told": "forename: given_name\n"}, "which column is the id"),
    "nothing to compare by": ({"told": "id: rec_id\n"}, "names no column to compare people by"),
    "a field nobody knows": ({"told": MAP + "shoe_size: born\n"}, "shoe_size is nothing that is compared"),
    "a date without a column": ({"told": MAP.replace("column:", "colum:")}, "date_of_birth needs a column"),
    "no YAML": ({"told": "{: :"}, "cannot be read as YAML"),
    "nowhere to write": ({"out": "nowhere/out.csv"}, "could not be written"),
}


@pytest.mark.parametrize(("given", "why"), REFUSALS.values(), ids=REFUSALS)
def test_what_cannot_be_linked_is_refused_in_one_line(
    given: dict[str, Any], why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, **given) == REFUSED
    said = capsys.readouterr().err.strip().splitlines()
    assert len(said) == 1 and why in said[0]
    assert not (tmp_path / "out.csv").exists()


def test_a_few_records_teach_no_weights(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path) == 0
    asked = ["--in", str(tmp_path / "people.csv"), "--columns", str(tmp_path / "map.yml")]
    assert main(["link", "run", *asked, "--out", str(tmp_path / "own.csv")]) == REFUSED
    assert "2 records are too few to learn weights from" in capsys.readouterr().err


def person(number: int, forename: str, birth: str) -> dict[str, Any]:
    return {
        **dict.fromkeys(("middle_name", "sex", "phone", "shared_id")),
        "nominal_id": f"in:{number}",
        "surname": "Okafor",
        "forename": forename,
        "birth": birth,
        "address": "12 Mill Fold",
        "postcode": "QX1 2AB",
        "_delivery_id": "in",
    }


ONE_BIRTHDAY = [person(1, "Josephine", "19870412"), person(2, "Katherine", "19870412")]
PARENTS = [person(3, "Emeka", "19600811"), person(4, "Blessing", "19630130")]


@pytest.mark.parametrize(("people", "are_families"), [(ONE_BIRTHDAY, False), (ONE_BIRTHDAY + PARENTS, True)])
def test_twins_are_looked_out_for_where_families_stand(
    people: list[dict[str, Any]], are_families: bool, tmp_path: Path
) -> None:
    connection, told, model = in_memory(tmp_path, "1GB"), settings.load(), frozen.read()
    rows = pl.DataFrame(people, infer_schema_length=None).with_columns(pl.all().cast(pl.String))
    connection.register("given", rows.to_arrow())
    connection.execute(
        "create table link_sightings as select *, timestamp '1970-01-01' as known_from_at from given"
    )
    linking.link(connection, model, told, lambda *_: None)
    assert connection.execute("select * from identity.links").fetchall() == []
    assert people_table.shows_families(connection) is are_families
    assert linking.link(connection, model, told.without_families(), lambda *_: None).links == 1
    connection.close()
