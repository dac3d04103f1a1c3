"""Only a handful of records is read a second time: the right ones, wherever they stand."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from threading import Thread

import numpy as np
import polars as pl
import pytest

from dagster_project.contracts import FileLayout
from dagster_project.loading.records import Records
from dagster_project.loading.structure import STRETCH, look_at
from dagster_project.loading.turns import Abandoned, Turns
from dagster_project.loading.unpacking import recode
from tests.loading_dogs import GOOD, Kennel, contract_of, deliver, kennel, text_of

BAD = GOOD.replace("GSD", "cat")


def dog(ref: str, note: str = "calm", breed: str = "GSD") -> str:
    return GOOD.replace("D1", ref).replace("calm", note).replace("GSD", breed)


def in_parquet(refs: Sequence[str | None], bites: Sequence[int]) -> bytes:
    """Dogs of which only the name and the bites differ."""
    count = len(refs)
    frame = pl.DataFrame(
        {
            "dog_ref": pl.Series(refs, dtype=pl.String),
            "updated_at": [datetime(2024, 1, 5)] * count,
            "breed": ["GSD"] * count,
            "bites": bites,
            "weight": [1.5] * count,
            "born": [date(2020, 1, 1)] * count,
            "is_retired": [True] * count,
            "note": ["a"] * count,
        }
    )
    packed = io.BytesIO()
    frame.write_parquet(packed)
    return packed.getvalue()


def test_a_key_whose_first_use_is_refused_is_still_free(tmp_path: Path) -> None:
    rows = [BAD, GOOD, "short", GOOD, dog("D1", "\x01"), dog("D1", "angry"), dog("D2")]
    loaded, kept = kennel(tmp_path, text_of(*rows), 7).load_one()
    assert kept.rows("dog_ref, _source_line") == [("D1", 2), ("D2", 7)]
    assert [row[0] for row in kept.quarantined()] == [3, 1, 5, 6]
    assert kept.quarantined()[3][2].endswith("was already used by record 2 of dogs.csv")
    assert [row[3:] for row in kept.book("repeats")] == [(4, "dogs.csv", 2)]
    assert loaded.files[0].rows_repeated == 1


def test_a_key_whose_use_in_an_earlier_file_was_refused_is_still_free(tmp_path: Path) -> None:
    made = Kennel(tmp_path, contract_of(tmp_path))
    files = {
        "a.csv": text_of("short", BAD, dog("D2")),
        "b.csv": text_of(GOOD, dog("D3"), dog("D2")),
        "c.csv": text_of("short", dog("D3", "angry"), GOOD),
    }
    deliver(made.extracts, files, 3)
    _, kept = made.load_one()
    assert kept.rows("dog_ref, _source_file, _source_line") == [
        ("D2", "a.csv", 3),
        ("D1", "b.csv", 1),
        ("D3", "b.csv", 2),
    ]
    assert [row[2:] for row in kept.book("repeats")] == [("b.csv", 3, "a.csv", 3), ("c.csv", 3, "b.csv", 1)]
    assert kept.quarantined()[-1][2].endswith("was already used by record 2 of b.csv")


def test_a_file_of_nothing_but_one_key_loads_one_row(tmp_path: Path) -> None:
    loaded, kept = kennel(tmp_path, text_of(*[GOOD] * 3000), 3000).load_one()
    assert kept.rows("_source_line") == [(1,)]
    assert loaded.files[0].rows_repeated == 2999
    assert [row[3] for row in kept.book("repeats")] == list(range(2, 3001))


def test_a_file_in_which_every_row_is_refused_loads_none(tmp_path: Path) -> None:
    rows = [dog(f"D{number}", breed="cat") for number in range(3000)]
    loaded, kept = kennel(tmp_path, text_of(*rows), 3000).load_one()
    assert (kept.rows(), loaded.files[0].rows_quarantined) == ([], 3000)
    assert [row[3] for row in kept.quarantined()] == rows


def test_keys_of_parquet_files_are_told_apart_as_those_of_csv(tmp_path: Path) -> None:
    made = Kennel(tmp_path, contract_of(tmp_path, "parquet"))
    files = {
        "a.parquet": in_parquet(["D1", "D2", "D1", None, "D3", None], [1, 99, 1, 1, 3, 2]),
        "b.parquet": in_parquet(["D3", "D2", None, "D3", "D4", "D3"], [3, 2, 1, 4, 4, 3]),
    }
    deliver(made.extracts, files, 6)
    _, kept = made.load_one()
    assert kept.rows("dog_ref, _source_file, _source_line") == [
        ("D1", "a.parquet", 1),
        ("D3", "a.parquet", 5),
        ("D2", "b.parquet", 2),
        ("D4", "b.parquet", 5),
    ]
    assert [(row[0], row[1]) for row in kept.quarantined()] == [
        (2, ["bites"]),
        (4, ["dog_ref"]),
        (6, ["dog_ref"]),
        (3, ["dog_ref"]),
        (4, ["dog_ref", "updated_at"]),
    ]
    assert [row[2:] for row in kept.book("repeats")] == [
        ("a.parquet", 3, "a.parquet", 1),
        ("b.parquet", 1, "a.parquet", 5),
        ("b.parquet", 6, "a.parquet", 5),
    ]


def test_a_cell_too_many_that_the_reader_skips_is_found(tmp_path: Path) -> None:
    ragged = dog("R", '"sits ""well"" now"') + ',"a ""b"" c"'
    rows = [ragged if number % 50 == 7 else dog(f"D{number}") for number in range(5000)]
    loaded, kept = kennel(tmp_path, text_of(*rows), 5000).load_one()
    assert loaded.files[0].rows_quarantined == 100
    assert {row[2] for row in kept.quarantined()} == {"the line has more cells than the header"}
    lines = dict(kept.rows("_source_line, dog_ref"))
    assert lines == {n + 1: f"D{n}" for n in range(5000) if n % 50 != 7}


def test_rows_between_many_rejected_lines_keep_their_lines(tmp_path: Path) -> None:
    rows = [
        "short" if number % 7 in {0, 1} or 900 < number < 1300 else dog(f"D{number}")
        for number in range(2000)
    ]
    _, kept = kennel(tmp_path, text_of(*rows), 2000).load_one()
    assert kept.rows("_source_line, dog_ref") == [
        (number, row.split(",")[0]) for number, row in enumerate(rows, 1) if row != "short"
    ]


def test_of_several_bad_files_the_first_is_told(tmp_path: Path) -> None:
    made = Kennel(tmp_path, contract_of(tmp_path))
    slow = text_of(*[dog(f"D{number}") for number in range(20_000)])
    deliver(made.extracts, {"a.csv": slow, "b.csv": b"", "c.csv": b"noise"}, 1)
    (refused,) = made.load()
    assert refused.reason == "the manifest says a.csv has 1 rows, it has 20,000; send it again"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("window", [1 << 23, 1000])
def test_single_records_are_copied_byte_for_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str, window: int
) -> None:
    monkeypatch.setattr("dagster_project.loading.structure.WINDOW", window)
    cells = [f'{number},"two{end}lines, ""so""",é' for number in range(1, 5 * STRETCH)]
    lines = ["a,b,c", *(line + end if number % 3 else line for number, line in enumerate(cells))]
    path, target = tmp_path / "whole.csv", tmp_path / "some.csv"
    path.write_bytes(("\ufeff" + end.join(lines)).encode())
    layout = contract_of(tmp_path).file
    structure = look_at(np.memmap(path, dtype=np.uint8, mode="r"), ord(","), ord('"'))
    assert (structure.is_regular, structure.records) == (True, len(cells))
    for wanted in ([1, len(cells)], [2, 3, 4], list(range(1, len(cells) + 1, 7)), range(1, len(cells) + 1)):
        Records(path, layout, structure).copy(np.array(wanted), target)
        expected = "".join(f"{number},{cells[number - 1]}\n" for number in wanted)
        assert target.read_bytes() == expected.encode()


def test_records_that_were_moved_out_still_count(tmp_path: Path) -> None:
    layout: FileLayout = contract_of(tmp_path).file
    path, target = tmp_path / "whole.csv", tmp_path / "some.csv"
    path.write_bytes(b"a\nw\nx\ny\x81\xe9\n")
    structure = look_at(np.memmap(path, dtype=np.uint8, mode="r"), ord(","), ord('"'))
    Records(path, layout, structure, recode, moved=[1, 3, 4]).copy(np.array([2, 5, 6]), target)
    assert target.read_bytes().decode() == "2,w\n5,x\n6,y\uf781é\n"


def test_files_pass_a_place_in_their_order_until_one_fails() -> None:
    turns, passed = Turns(), list[int]()

    def pass_by(number: int) -> None:
        try:
            with turns.turn(number):
                passed.append(number)
        except Abandoned:
            passed.append(-number)

    waiting = [Thread(target=pass_by, args=(number,)) for number in (3, 1)]
    for thread in waiting:
        thread.start()
    pass_by(0)
    waiting[1].join()
    turns.stop(2)
    waiting[0].join()
    assert passed == [0, 1, -3]


def test_rows_of_a_large_parquet_file_stay_in_its_order(tmp_path: Path) -> None:
    made = Kennel(tmp_path, contract_of(tmp_path, "parquet"))
    count = 300_000
    refs = [f"D{number}" for number in range(count - 1)] + ["D5"]
    deliver(made.extracts, {"dogs.parquet": in_parquet(refs, [3] * count)}, count)
    loaded, kept = made.load_one()
    assert loaded.files[0].rows_repeated == 1
    lines = pl.read_parquet(kept.folder / "dogs.parquet")["_source_line"]
    assert lines.to_list() == list(range(1, count))
