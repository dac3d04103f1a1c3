"""Whatever happens to a delivery on its way: no row is lost, nothing is half, every refusal is a sentence."""

from __future__ import annotations

import csv
import gzip
import io
import json
import shutil
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dagster_project.contracts import Contract
from dagster_project.loading import Loaded, load_source
from dagster_project.loading.engine import Engines, started
from tests.loading_dogs import BOOKS, COLUMNS, GOOD, HEADER, contract_of, deliver

CASES = 500
ROWS = [
    GOOD,
    GOOD.replace("D1", "D2").replace("calm", '"said ""sit"", and sat"'),
    GOOD.replace("D1", "D3").replace("calm", '"first\nsecond\r\n\nlast"'),
    GOOD,
    GOOD.replace("calm", "another"),
    "D4,2024-01-05 10:00:00,,,,,,",
    GOOD.replace("D1", "D5").replace("2019-04-01", "2019-04-31"),
    GOOD.replace("D1", "D6").replace("31.5", "3e1").replace("calm", "café"),
    "D7,too short",
    GOOD.replace("D1", '"D8"').replace("calm", '""'),
    GOOD.replace("D1", "D9").replace("N,calm", "Y,last"),
]
NASTY = [
    b'"',
    b'""',
    b"\n",
    b"\r",
    b"\r\n",
    b"\n\n",
    b"\0",
    b",",
    b";",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\x1b",
    b"\x81",
    b"\xe9",
]
ENCODINGS = ["utf-16", "utf-8-sig", "cp1252", "utf-7", "utf-32-le"]


@dataclass(frozen=True)
class Kind:
    """One form that a file of dogs may have."""

    contract: Contract
    data: bytes
    separator: str = ","
    encoding: str = "utf-8"


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> list[Kind]:
    text = "\n".join([HEADER, *ROWS]) + "\n"
    turned = text.replace(", ", "\t").replace(",", ";").replace("\t", ", ")
    frame = pl.DataFrame(
        {
            "dog_ref": ["D1", "D2", "D1", "D1", None],
            "updated_at": [datetime(2024, 1, 5)] * 5,
            "breed": ["GSD", "cat", "GSD", "MAL", None],
            "bites": [1, 2, 1, 1, None],
            "weight": [1.5, None, 1.5, 1.5, None],
            "born": [date(2020, 1, 1)] * 5,
            "is_retired": [True, False, True, None, None],
            "note": ["a", "b\x01", "a", "a", None],
        }
    )
    packed = io.BytesIO()
    frame.write_parquet(packed)

    def contract(name: str, file_format: str = "csv", **layout: str) -> Contract:
        return contract_of(tmp_path_factory.mktemp(name), file_format, **layout)

    windows = turned.encode("cp1252")
    return [
        Kind(contract("plain"), text.encode()),
        Kind(contract("windows", encoding="windows-1252", separator=";"), windows, ";", "cp1252"),
        Kind(contract("gzip", compression="gzip"), text.encode()),
        Kind(contract("parquet", "parquet"), packed.getvalue()),
    ]


Change = tuple[str, int, int]
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "insert",
                "insert",
                "insert",
                "byte",
                "delete",
                "cut",
                "again",
                "swap",
                "drop",
                "turn",
                "ends",
                "recode",
            ]
        ),
        st.integers(0, 10_000),
        st.integers(0, 10_000),
    ),
    max_size=4,
)
MANIFEST = ["", "", "", "", "", "", "rows", "bytes", "sha256", "name", "key", "cut", "noise", "source"]


def changed(data: bytes, change: Change, separator: bytes) -> bytes:
    """The bytes after one thing has happened to them."""
    what, one, other = change
    place = one % (len(data) + 1)
    lines = data.split(b"\n")
    here, there = one % len(lines), other % len(lines)
    match what:
        case "insert":
            return data[:place] + NASTY[other % len(NASTY)] + data[place:]
        case "byte":
            return data[:place] + bytes([other % 256]) + data[place + 1 :]
        case "delete":
            return data[:place] + data[place + other % 40 :]
        case "cut":
            return data[:place]
        case "again":
            lines.insert(there, lines[here])
        case "swap":
            lines[here], lines[there] = lines[there], lines[here]
        case "drop":
            del lines[here]
        case "turn":
            lines = [separator.join(reversed(line.split(separator))) for line in lines]
        case "ends":
            return data.replace(b"\n", [b"\r\n", b"\r", b"\n\n"][other % 3])
        case _:
            return data.decode("cp1252", "replace").encode(ENCODINGS[other % len(ENCODINGS)], "replace")
    return b"\n".join(lines)


def records_of(text: str, separator: str) -> list[list[str]] | None:
    """The records of a text that is CSV to the letter, read sign by sign; None if it is not."""
    records: list[list[str]] = []
    record: list[str] = []
    place = 0
    while place < len(text):
        if not record and text.startswith(("\n", "\r\n"), place):
            place = text.index("\n", place) + 1
            continue
        if text[place] == '"':
            end = place + 1
            while (end := text.find('"', end)) >= 0 and text.startswith('""', end):
                end += 2
            if end < 0:
                return None
            cell, place = text[place + 1 : end].replace('""', '"'), end + 1
        else:
            end = min(
                found if (found := text.find(sign, place)) >= 0 else len(text)
                for sign in (separator, "\n", "\r")
            )
            cell, place = text[place:end], end
            if '"' in cell:
                return None
        record.append(cell)
        if text.startswith(separator, place):
            place += 1
            if place < len(text) and not text.startswith(("\n", "\r\n"), place):
                continue
            record.append("")
        if place < len(text) and not text.startswith(("\n", "\r\n"), place):
            return None
        place = text.find("\n", place) + 1 or len(text)
        records.append(record)
        record = []
    return records


def rows_told(data: bytes, kind: Kind) -> int:
    """What a sender who counts with Python's csv module would put into the manifest."""
    text = data.decode(kind.encoding, "replace").removeprefix("\ufeff")
    try:
        return max(
            0,
            sum(1 for row in csv.reader(io.StringIO(text, newline=""), delimiter=kind.separator) if row) - 1,
        )
    except csv.Error:
        return len(ROWS)


def spoil_manifest(path: Path, how: str, number: int) -> None:
    """A manifest that no longer agrees, or is none."""
    raw = path.read_text("utf-8")
    told: dict[str, Any] = json.loads(raw)
    match how:
        case "rows" | "bytes":
            told["files"][0][how] += number % 3 - 1
        case "sha256" | "name":
            told["files"][0][how] = told["files"][0][how][::-1]
        case "key":
            del told[sorted(told)[number % len(told)]]
        case "source":
            told["source"] = "cats"
        case "cut":
            path.write_text(raw[: number % len(raw)], "utf-8")
            return
        case "noise":
            place = number % len(raw)
            path.write_text(raw[:place] + '\0\u2028"9'[number % 4] + raw[place + 1 :], "utf-8")
            return
        case _:
            return
    path.write_text(json.dumps(told), "utf-8")


def check_folder(folder: Path, loaded: Loaded) -> dict[str, list[dict[str, Any]]]:
    """A folder holds its manifest and all that it names, or nothing but why; the tables of a loaded one."""
    told = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert told["status"] == loaded.status
    names = {path.name for path in folder.iterdir()} - {"manifest.json"}
    accepted = [file["parquet"] for file in told["files"]]
    assert set(accepted) <= names <= {*accepted, *(f"{book}.parquet" for book in BOOKS)}
    if loaded.status != "loaded":
        assert names == set() and loaded.reason and "\n" not in loaded.reason
        return {}
    books = {book: read(folder / f"{book}.parquet") for book in BOOKS if f"{book}.parquet" in names}
    return {key: list[dict[str, Any]]() for key in BOOKS} | books | {"accepted": read(folder / accepted[0])}


def read(path: Path) -> list[dict[str, Any]]:
    return pl.read_parquet(path, glob=False).to_dicts()


def check_counts(loaded: Loaded, tables: dict[str, list[dict[str, Any]]], rows: int) -> None:
    """Every record from the first to the last stands in exactly one of the three tables."""
    (count,) = loaded.files
    assert count.rows_received == rows == count.rows_loaded + count.rows_quarantined + count.rows_repeated
    lines = [row["_source_line"] for row in tables["accepted"]]
    assert lines == sorted(lines) and len(lines) == count.rows_loaded
    lines += [row["source_line"] for book in ("quarantine", "repeats") for row in tables[book]]
    assert sorted(lines) == list(range(1, rows + 1))
    assert all(row["reason"] and row["raw_text"] is not None for row in tables["quarantine"])


def as_written(name: str, cell: Any) -> Any:
    """A cell as its file has it; numbers with a point by their value."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "Y" if cell else "N"
    return cell if name == "weight" else str(cell)


def meant(record: dict[str, str]) -> dict[str, Any]:
    """A record of the file, its weight by value."""
    weight = record["weight"]
    return record | {"weight": float(weight) if weight else ""}


def check_cells(tables: dict[str, list[dict[str, Any]]], records: list[list[str]], separator: str) -> None:
    """Each record is loaded cell for cell, or its text is kept, or it is what it is said to repeat."""
    header, *below = records
    found = {number: dict(zip(header, cells, strict=False)) for number, cells in enumerate(below, 1)}
    for row in tables["accepted"]:
        wanted = meant({name: found[row["_source_line"]][name] for name in COLUMNS})
        assert {name: as_written(name, row[name]) for name in COLUMNS} == wanted
    for row in tables["quarantine"]:
        kept, cells = row["raw_text"], below[row["source_line"] - 1]
        if kept.isascii() and "".join(cells).isascii() and "\\x" not in kept:
            assert list(csv.reader(io.StringIO(kept, newline=""), delimiter=separator)) == (
                [cells] if kept else []
            )
    for row in tables["repeats"]:
        one, first = (
            meant({name: found[row[line]][name] for name in COLUMNS})
            for line in ("source_line", "first_line")
        )
        assert one == first


@pytest.fixture(scope="module")
def one_engine(tmp_path_factory: pytest.TempPathFactory) -> Generator[None]:
    """Starting DuckDB, and waiting for the disk, takes as long as loading eleven rows: spared here."""
    with pytest.MonkeyPatch.context() as patched, ExitStack() as stack:
        patched.setattr("dagster_project.warehouse.THREADS", 1)
        engine = stack.enter_context(started(tmp_path_factory.mktemp("engine")))

        @contextmanager
        def shared(scratch: Path) -> Generator[Engines]:
            yield engine

        patched.setattr("dagster_project.loading.load.started", shared)
        patched.setattr("dagster_project.loading.shelf.sync", lambda path: None)
        yield


@pytest.fixture
def statuses() -> Generator[dict[str, int]]:
    """How often each end was seen: a test in which everything is refused would prove nothing."""
    seen: dict[str, int] = {}
    yield seen
    assert seen["cases"] >= CASES
    assert seen["loaded"] >= CASES // 4 and seen["refused"] >= CASES // 4
    assert seen["compared"] >= CASES // 8


@pytest.mark.usefixtures("one_engine")
@settings(max_examples=CASES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    which=st.sampled_from([0, 0, 0, 1, 1, 1, 2, 3]),
    changes=CHANGES,
    packed=st.booleans(),
    manifest=st.sampled_from(MANIFEST),
    number=st.integers(0, 10_000),
)
def test_a_delivery_spoiled_at_random_loses_no_row(
    kinds: list[Kind],
    statuses: dict[str, int],
    tmp_path: Path,
    which: int,
    changes: list[Change],
    packed: bool,
    manifest: str,
    number: int,
) -> None:
    kind = kinds[which]
    layout = kind.contract.file
    data, spoiled = kind.data, kind.data
    for change in changes:
        spoiled = changed(spoiled, change, kind.separator.encode())
    rows = 5 if layout.format == "parquet" else rows_told(spoiled, kind)
    if layout.compression == "gzip":
        after = packed and bool(changes)
        spoiled = spoil_packed(data, changes) if after else gzip.compress(spoiled, 1)
        rows = len(ROWS) if after else rows
    folder = deliver(tmp_path / "extracts", {"dogs.data": spoiled}, rows)
    spoil_manifest(folder / "manifest.json", manifest, number)

    try:
        results = load_source(kind.contract, tmp_path / "extracts", tmp_path / "deliveries")
        shelf = tmp_path / "deliveries" / "dogs"
        assert {path.name for path in shelf.iterdir()} == {one.delivery_id for one in results}
        (loaded,) = results
        tables = check_folder(shelf / loaded.delivery_id, loaded)
        statuses["cases"] = statuses.get("cases", 0) + 1
        statuses[loaded.status] = statuses.get(loaded.status, 0) + 1
        if tables:
            check_counts(
                loaded, tables, json.loads((folder / "manifest.json").read_text())["files"][0]["rows"]
            )
            compare(statuses, kind, spoiled, tables)
    finally:
        shutil.rmtree(tmp_path / "extracts")
        shutil.rmtree(tmp_path / "deliveries", ignore_errors=True)


def spoil_packed(data: bytes, changes: list[Change]) -> bytes:
    """The gzip itself is spoiled, not what it holds."""
    packed = gzip.compress(data, 1)
    for change in changes:
        packed = changed(packed, change, b",")
    return packed


def compare(
    statuses: dict[str, int], kind: Kind, data: bytes, tables: dict[str, list[dict[str, Any]]]
) -> None:
    """Hold what was loaded against the file, where the file is CSV to the letter."""
    if kind.contract.file.format == "parquet":
        return
    try:
        plain = gzip.decompress(data) if kind.contract.file.compression == "gzip" else data
        errors = "strict" if kind.encoding == "utf-8" else "replace"
        text = plain.decode(kind.encoding, errors).removeprefix("\ufeff")
    except UnicodeDecodeError:
        return
    records = records_of(text, kind.separator)
    if records is not None:
        told = list(csv.reader(io.StringIO(text, newline=""), delimiter=kind.separator))
        assert records == [record for record in told if record]
        check_cells(tables, records, kind.separator)
        statuses["compared"] = statuses.get("compared", 0) + 1


def test_the_sign_by_sign_reader_is_strict() -> None:
    assert records_of('a,"b""\n"\r\n\n,\n"",x', ",") == [["a", 'b"\n'], ["", ""], ["", "x"]]
    for wrong in ('a,"b', 'a,b"c', '"a"b,c', "a\rb"):
        assert records_of(wrong, ",") is None
