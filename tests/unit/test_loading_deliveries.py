"""A delivery loads wholly or not at all, once, in whatever order it comes and whatever was killed before."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.deliveries import tell, told_by
from tests.loading_dogs import COLUMNS, GOOD, HEADER, Kennel, Kept, contract_of, deliver, kennel, text_of

SECRET = "Ferdinand"
DATA = text_of(GOOD)


def dog(ref: str, note: str = "calm") -> str:
    return GOOD.replace("D1", ref).replace("calm", note)


def in_parquet(rows: int) -> bytes:
    packed = io.BytesIO()
    pl.DataFrame({name: ["x"] * rows for name in COLUMNS}).write_parquet(packed)
    return packed.getvalue()


def everything(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its path."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def refused_beside_a_good_one(made: Kennel) -> str:
    """Why the delivery of 29 January was refused, while another was loaded."""
    deliver(
        made.extracts, {"good.csv": text_of(dog("D77"))}, folder="2024-02-26", received_at="2024-02-26T06:00"
    )
    bad, good = sorted(made.load(), key=lambda one: one.status, reverse=True)
    assert (good.status, len(made.kept(good).rows())) == ("loaded", 1)
    assert (bad.status, bad.files, bad.is_new) == ("refused", (), True)
    assert [path.name for path in made.kept(bad).folder.iterdir()] == ["manifest.json"]
    assert SECRET not in bad.reason and "\n" not in bad.reason
    again = {one.delivery_id: one for one in made.load()}
    assert not again[good.delivery_id].is_new and again[bad.delivery_id].reason == bad.reason
    return bad.reason


@pytest.mark.parametrize(
    ("data", "layout", "reason"),
    [
        (b"", {}, "dogs.csv is empty: it has not even a header"),
        (gzip.compress(b""), {"compression": "gzip"}, "dogs.csv is empty: it has not even a header"),
        (
            b"\n\n",
            {},
            "dogs.csv has no column dog_ref, updated_at, breed and 5 more, which the contract of dogs",
        ),
        (
            text_of(GOOD[:-5], header=HEADER[:-5]),
            {},
            "dogs.csv has no column note, which the contract of dogs",
        ),
        (
            text_of(header=f"{HEADER},"),
            {},
            "column 9 in the header of dogs.csv has no name that can be printed",
        ),
        (text_of(header=f"{HEADER},x,x"), {}, "the header of dogs.csv names the column x twice"),
        (
            gzip.compress(DATA * 99)[:-20],
            {"compression": "gzip"},
            "dogs.csv is cut off: its gzip stream has no end",
        ),
        (DATA, {"compression": "gzip"}, "dogs.csv is not whole gzip; send it again"),
        (gzip.compress(DATA) + b"rest", {"compression": "gzip"}, "dogs.csv is not whole gzip; send it again"),
        (
            random.Random(1).randbytes(5000),
            {},
            "the header of dogs.csv cannot be read as utf-8 CSV; it should name",
        ),
        (DATA.decode().encode("utf-16"), {}, "the header of dogs.csv cannot be read"),
        (in_parquet(1)[:-9], {"file_format": "parquet"}, "dogs.csv is not whole Parquet; send it again"),
        (DATA, {"file_format": "parquet"}, "dogs.csv is not whole Parquet; send it again"),
        (
            in_parquet(1),
            {"file_format": "parquet"},
            "dogs.csv holds updated_at as VARCHAR, the contract says timestamp",
        ),
        (text_of(GOOD, GOOD), {}, "the manifest says dogs.csv has 1 rows, it has 2; send it again"),
        (text_of(), {}, "the manifest says dogs.csv has 1 rows, it has 0; send it again"),
    ],
    ids=[
        "no bytes",
        "no bytes in gzip",
        "blank lines",
        "missing column",
        "nameless column",
        "column twice",
        "gzip cut off",
        "no gzip",
        "gzip and more",
        "noise",
        "utf-16",
        "parquet cut off",
        "no parquet",
        "parquet of other types",
        "more rows than told",
        "fewer rows than told",
    ],
)
def test_a_file_that_cannot_be_trusted_refuses_its_delivery_only(
    tmp_path: Path, data: bytes, layout: dict[str, str], reason: str
) -> None:
    made = kennel(tmp_path, data, 1, **layout)
    if layout:
        (refused,) = made.load()
        assert (refused.status, refused.files) == ("refused", ())
        assert refused.reason.startswith(reason)
    else:
        assert refused_beside_a_good_one(made).startswith(reason)


def entry(change: dict[str, Any]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda told: told | {"files": [told["files"][0] | change]}


MANIFESTS: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "rows": (entry({"rows": 2}), "the manifest says dogs.csv has 2 rows, it has 1; send it again"),
    "bytes": (entry({"bytes": 1}), "the manifest says dogs.csv has 1 bytes, it has 111; send it again"),
    "hash": (
        entry({"sha256": "0" * 64}),
        "dogs.csv does not have the sha256 that the manifest says; send it again",
    ),
    "no hash": (
        entry({"sha256": None}),
        "its manifest does not give a sha256 of dogs.csv in 64 digits of lower case",
    ),
    "rows in words": (entry({"rows": "1"}), "its manifest does not count the rows and bytes of dogs.csv"),
    "rows below none": (entry({"rows": -1}), "its manifest does not count the rows and bytes of dogs.csv"),
    "another file": (entry({"name": "cats.csv"}), "the manifest names cats.csv, which is not in the folder"),
    "a long name": (
        entry({"name": "x" * 201}),
        "its manifest names a file by something else than a plain file name",
    ),
    "a path": (
        entry({"name": "../x.csv"}),
        "its manifest names a file by something else than a plain file name",
    ),
    "twice": (lambda told: told | {"files": told["files"] * 2}, "its manifest names dogs.csv twice"),
    "no files": (lambda told: told | {"files": []}, "its manifest lists no files"),
    "no list": (
        lambda told: told | {"files": [1]},
        "its manifest lists a file that is not an object with name",
    ),
    "source": (
        lambda told: told | {"source": SECRET},
        "its manifest names another source; the folder belongs to dogs",
    ),
    "kind": (
        lambda told: told | {"kind": SECRET},
        "its manifest names a kind that is not one of history, regular",
    ),
    "no kind": (
        lambda told: {key: told[key] for key in told if key != "kind"},
        "its manifest does not say kind",
    ),
    "time": (
        lambda told: told | {"received_at": SECRET},
        "its manifest's received_at is not a time like 2024-01",
    ),
    "no time": (
        lambda told: told | {"covers_to": "0001-01-01T00:00:00+14:00"},
        "its manifest's covers_to is not a",
    ),
    "long ago": (
        lambda told: told | {"covers_from": "1066-10-14"},
        "its manifest's covers_from lies before 1900",
    ),
    "backwards": (
        lambda told: told | {"covers_to": "2000-01-01"},
        "its manifest covers a time that ends before it",
    ),
    "no object": (lambda told: [told], "its manifest is not a JSON object"),
}


@pytest.mark.parametrize("case", MANIFESTS)
def test_a_manifest_that_disagrees_refuses_its_delivery_only(tmp_path: Path, case: str) -> None:
    change, reason = MANIFESTS[case]
    made = kennel(tmp_path, text_of(GOOD), 1)
    folder = made.extracts / "dogs" / "2024-01-29"
    tell(folder, change(told_by(folder)))
    assert refused_beside_a_good_one(made).startswith(reason)


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"rows": ' + b"9" * 5000 + b"}"])
def test_a_manifest_that_is_no_json_refuses_its_delivery_only(tmp_path: Path, raw: bytes) -> None:
    made = kennel(tmp_path, DATA, 1)
    (made.extracts / "dogs" / "2024-01-29" / "manifest.json").write_bytes(raw)
    assert refused_beside_a_good_one(made) == "its manifest is not JSON"


def test_a_file_that_is_not_listed_refuses_the_delivery(tmp_path: Path) -> None:
    made = kennel(tmp_path, DATA, 1)
    (made.extracts / "dogs" / "2024-01-29" / "more.csv").write_bytes(DATA)
    assert refused_beside_a_good_one(made).startswith(
        "the folder holds more.csv, which the manifest does not name"
    )


def test_a_folder_without_a_manifest_waits(tmp_path: Path) -> None:
    made = kennel(tmp_path, DATA, 1)
    (made.extracts / "dogs" / "2024-01-29" / "manifest.json").unlink()
    assert made.load() == []


def test_a_refused_delivery_that_is_mended_is_loaded_and_the_note_goes(tmp_path: Path) -> None:
    made = kennel(tmp_path, text_of(GOOD, header=HEADER[:-5]), 1)
    assert [one.status for one in made.load()] == ["refused"]
    deliver(made.extracts, {"dogs.csv": DATA})
    assert [one.status for one in made.load()] == ["loaded"]
    assert len(list((made.deliveries / "dogs").iterdir())) == 1


def test_headers_alone_are_deliveries_of_their_own(tmp_path: Path) -> None:
    made = Kennel(tmp_path, contract_of(tmp_path))
    for month in ("01", "02", "03"):
        deliver(
            made.extracts, {"dogs.csv": text_of()}, 0, f"2024-{month}", received_at=f"2024-{month}-28T06:00"
        )
    for _ in range(2):
        assert [(one.status, one.files[0].rows_received) for one in made.load()] == [("loaded", 0)] * 3
    assert made.kept(made.load()[0]).rows() == []


def test_the_same_content_under_another_name_changes_nothing(tmp_path: Path) -> None:
    made = Kennel(tmp_path, contract_of(tmp_path))
    deliver(made.extracts, {"a.csv": DATA, "b.csv": text_of(dog("D2"))})
    (first,) = made.load()
    deliver(
        made.extracts,
        {"y.csv": text_of(dog("D2")), "z.csv": DATA},
        1,
        "again",
        received_at="2024-02-01T06:00",
    )
    before = everything(made.kept(first).folder)
    loaded, repeat = made.load()
    assert (loaded.status, loaded.is_new, repeat.status) == ("loaded", False, "repeat")
    assert repeat.reason == f"the same content as {first.delivery_id}, which was received first"
    assert everything(made.kept(first).folder) == before
    assert list(everything(made.kept(repeat).folder)) == ["manifest.json"]
    assert not any(one.is_new for one in made.load())


def many(made: Kennel) -> None:
    """Deliveries of every kind of end, two of them of one content."""
    same = {"dogs.csv": text_of(dog("D1"), "short", dog("D1"))}
    deliver(made.extracts, same, 3, "c", received_at="2024-03-01T06:00")
    deliver(made.extracts, same, 3, "b", received_at="2024-02-01T06:00")
    deliver(made.extracts, {"x.csv": text_of(dog("D2"), dog("D3"))}, 2, "a", received_at="2024-04-01T06:00")
    deliver(
        made.extracts, {"x.csv": text_of()}, 0, "d", received_at="2024-01-01T06:00", covers_to="2024-01-01"
    )
    deliver(made.extracts, {"x.csv": b""}, 0, "e", received_at="2024-05-01T06:00")


def test_the_order_of_processing_changes_no_byte(tmp_path: Path) -> None:
    at_once = Kennel(tmp_path / "at once", contract_of(tmp_path))
    many(at_once)
    at_once.load()
    wanted = everything(at_once.deliveries)
    assert len([name for name in wanted if name.endswith("manifest.json")]) == 5
    for order in ("abcde", "ecdab", "cbaed"):
        one_by_one = Kennel(tmp_path / order, at_once.contract)
        for name in order:
            shutil.copytree(at_once.extracts / "dogs" / name, one_by_one.extracts / "dogs" / name)
            one_by_one.load()
        assert everything(one_by_one.deliveries) == wanted


def test_what_was_loaded_stays_when_the_extract_is_gone(tmp_path: Path) -> None:
    made = kennel(tmp_path, DATA, 1)
    first = made.load()
    before = everything(made.deliveries)
    shutil.rmtree(made.extracts)
    assert [one.delivery_id for one in made.load()] == [first[0].delivery_id]
    assert everything(made.deliveries) == before


@pytest.mark.parametrize(
    "left", ["loading", "replaced", "scratch", "no manifest", "no parquet", "half a manifest"]
)
def test_what_a_killed_run_left_is_tidied(tmp_path: Path, left: str) -> None:
    made = kennel(tmp_path, DATA, 1)
    (loaded,) = made.load()
    wanted = everything(made.deliveries)
    whole, shelf = made.kept(loaded).folder, made.deliveries / "dogs"
    match left:
        case "loading":
            whole.rename(shelf / f".{whole.name}.loading")
        case "replaced":
            whole.rename(shelf / f".{whole.name}.replaced")
        case "scratch":
            (shelf / ".scratch").mkdir()
            (shelf / ".scratch" / "dogs.csv.plain").write_bytes(b"half")
        case "no manifest":
            (whole / "manifest.json").unlink()
        case "no parquet":
            (whole / "dogs.parquet").unlink()
        case _:
            (whole / "manifest.json").write_text("{")
    (again,) = made.load()
    assert again.status == "loaded"
    assert everything(made.deliveries) == wanted


def test_a_failure_of_the_machine_leaves_nothing_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = kennel(tmp_path, DATA, 1)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("dagster_project.loading.load.write_manifest", full)
    with pytest.raises(OSError, match="No space left"):
        made.load()
    assert everything(made.deliveries) == {}
    monkeypatch.undo()
    assert [one.status for one in made.load()] == ["loaded"]


def test_the_manifest_beside_the_rows_says_what_became_of_them(tmp_path: Path) -> None:
    made = kennel(tmp_path, text_of(GOOD, GOOD, "short"), 3)
    (loaded,) = made.load()
    told = json.loads((made.kept(loaded).folder / "manifest.json").read_text("utf-8"))
    data = (made.extracts / "dogs" / "2024-01-29" / "dogs.csv").read_bytes()
    assert told["contract_sha256"] == made.contract.sha256
    assert told["files"] == [
        {
            "name": "dogs.csv",
            "parquet": "dogs.parquet",
            "sha256": hashlib.sha256(data).hexdigest(),
            "bytes": len(data),
            "rows_received": 3,
            "rows_loaded": 1,
            "rows_quarantined": 1,
            "rows_repeated": 1,
        }
    ]


@pytest.mark.parametrize(
    "name", ["dogs*.csv", "dogs[1].csv", "d?gs.csv", "it's.csv", "manifest.csv", "quarantine.csv"]
)
def test_a_file_of_any_name_is_read_and_no_other_in_its_place(tmp_path: Path, name: str) -> None:
    made = Kennel(tmp_path, contract_of(tmp_path))
    files = {name: text_of(dog("D1", "this"), "short"), "dogs1.csv": text_of(dog("D2"), dog("D1", "this"))}
    deliver(made.extracts, files, 2, "2024 [sent again]")
    loaded, kept = made.load_one()
    found = {(row[0], row[1]) for row in kept.rows("dog_ref, _source_file")}
    by_name = sorted(files)
    assert found == {("D1", by_name[0]), ("D1", name), ("D2", "dogs1.csv")} - {("D1", max(by_name))}
    assert sum(one.rows_repeated for one in loaded.files) == 1


def test_folders_of_any_name_are_told_apart(tmp_path: Path) -> None:
    made = Kennel(tmp_path, contract_of(tmp_path))
    for name in ("a b", "a_b", "ü" * 120, "a\udcffb"):
        deliver(made.extracts, {"dogs.csv": DATA}, folder=name, kind="unknown")
    loaded = made.load()
    assert [one.status for one in loaded] == ["refused"] * 4
    assert len({one.delivery_id for one in loaded}) == 4
    assert made.load() != [] and not any(one.is_new for one in made.load())


def test_progress_is_told_after_each_file(tmp_path: Path) -> None:
    from dagster_project.loading import load_source

    made = Kennel(tmp_path, contract_of(tmp_path))
    deliver(made.extracts, {"a.csv": DATA, "b.csv": text_of(dog("D2"), dog("D3"))}, {"a.csv": 1, "b.csv": 2})
    told: list[tuple[str, int, int]] = []
    load_source(made.contract, made.extracts, made.deliveries, lambda *step: told.append(step))
    assert told == [("dogs", 0, 3), ("dogs", 1, 3), ("dogs", 3, 3)]


def test_what_was_not_loaded_leaves_no_rows(tmp_path: Path) -> None:
    made = Kennel(tmp_path, contract_of(tmp_path))
    deliver(made.extracts, {"a.csv": DATA, "b.csv": b"noise"})
    (refused,) = made.load()
    assert refused.status == "refused"
    assert list(Kept(made.kept(refused).folder).folder.glob("*.parquet")) == []
