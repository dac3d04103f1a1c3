"""What the force sends can be read again, is declared truly, and is broken only where the truth says."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
from datetime import date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import duckdb
import numpy as np
import polars as pl
import pytest

from data_samples import chance, deliveries
from data_samples.deliveries import CYCLE_DAYS, ChunkWriter, Delivered, Schedule, assemble
from data_samples.sources import DIALECTS, SOURCES, Source
from data_samples.spoiling import CODE_COLUMNS, CONTRADICTED, KINDS, kinds_of, spoil

TYPES = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "decimal": "DOUBLE",
    "flag": "VARCHAR",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
}
SCHEDULE = Schedule(date(2022, 1, 1), date(2025, 6, 30), 5)
NASTY = [
    'He said "come out, now";\nshe did not.',
    "café, £20 taken; the victim\u2019s phone\r\nrang twice",
    "plain words",
    '"',
    'ends with a quote"',
    " leading and trailing ",
    "tab\there; semicolon, comma",
    "\u2013€ dash and euro\n\n",
]


YEARS = range(2022, 2026)


def seconds(day: date) -> int:
    return (day - date(1970, 1, 1)).days * 86_400


def rows_of(source: Source, first: int, entered: np.ndarray[Any, np.dtype[np.int64]]) -> pl.DataFrame:
    """Rows of any source, with nasty prose, some nulls and keys that count up."""
    number = np.arange(first, first + len(entered), dtype=np.int64)
    at = pl.Series(entered * 1_000_000).cast(pl.Datetime("us"))
    columns: dict[str, pl.Series] = {}
    for place, (name, kind) in enumerate(source.columns.items()):
        drawn = chance.words(7, name, number)
        bits = pl.Series((drawn >> np.uint64(33)).astype(np.int64))
        empty = pl.Series((drawn & np.uint64(7)) == 0)
        match kind:
            case "text":
                values = pl.Series(NASTY).gather(bits % len(NASTY))
            case "integer":
                values = bits % 1_000
            case "decimal":
                values = bits.cast(pl.Float64) / 1_024
            case "flag":
                values = bits % 2 == 0
            case "date":
                values = (bits % 20_000).cast(pl.Date)
            case "timestamp":
                values = at
        if name == source.key[0]:
            values = pl.Series([f"{source.name[:3].upper()}{one:07}" for one in number.tolist()])
        elif place > 1 and name != source.entered:
            values = pl.select(pl.when(~empty).then(values)).to_series()
        columns[name] = values
    return pl.DataFrame(columns).with_columns(pl.Series("_entered", entered))


def make_force(
    place: Path, seed: int, schedule: Schedule = SCHEDULE, rows: int = 260, backwards: bool = False
) -> Delivered:
    """A very small force in yearly chunks of monthly work; some rows change months later."""
    out, scratch = place / "out", place / "scratch"
    years = range(schedule.start.year, schedule.end.year + 1)
    for year in reversed(years) if backwards else years:
        writer = ChunkWriter(out, scratch, schedule, str(year), seed)
        for number, source in enumerate(SOURCES.values()):
            for half in range(2):
                begin = seconds(date(year, 1 + 6 * half, 1))
                spread = chance.uniform(seed, f"entered {source.name}", year, half, np.arange(rows))
                entered = begin + np.sort((spread * 181 * 86_400).astype(np.int64))
                entered[::10] += 150 * 86_400
                first = ((year - 2_000) * 20 + number * 2 + half) * 10_000
                writer.add(source.name, rows_of(source, first, entered))
        writer.add_truth("people", pl.DataFrame({"person": [year, 1, 2], "name": ["b", "a", "a"]}))
        writer.add_truth("facts", pl.DataFrame({"fact": [year, year]}))
        writer.close()
    return assemble(out, scratch, schedule, seed, ["people"])


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Delivered]:
    place = tmp_path_factory.mktemp("force")
    return place / "out", make_force(place, 1)


def records(path: Path, source: Source) -> list[list[str]]:
    """The records of a file as a machine counts them, without the header, read by nobody else's CSV code."""
    form = DIALECTS[source.dialect]
    if source.dialect == "parquet":
        return [["" if cell is None else str(cell) for cell in row] for row in pl.read_parquet(path).rows()]
    data = path.read_bytes()
    if form.compression == "gzip":
        data = gzip.decompress(data)
    encoding = "utf-8-sig" if form.byte_order_mark else form.encoding
    text = io.StringIO(data.decode(encoding), newline="")
    found = list(csv.reader(text, delimiter=form.separator, strict=True))
    assert found[0] == list(source.columns)
    return found[1:]


def manifests(out: Path) -> list[tuple[Path, dict[str, Any]]]:
    return [
        (path.parent, json.loads(path.read_text(encoding="utf-8")))
        for path in sorted((out / "extracts").glob("*/*/manifest.json"))
    ]


def write_one(place: Path, source: Source, frame: pl.DataFrame, seed: int = 3) -> Path:
    """One history file of one source."""
    writer = ChunkWriter(place / "out", place / "scratch", SCHEDULE, "1999", seed)
    writer.add(source.name, frame)
    writer.close()
    (path,) = (place / "out" / "extracts" / source.name).glob("*/*")
    return path


def history_rows(source: Source, rows: int = 200) -> pl.DataFrame:
    return rows_of(
        source, 0, np.full(rows, seconds(date(2023, 5, 6)), dtype=np.int64) + np.arange(rows) * 3_671
    )


def unspoiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data_samples.spoiling.BROKEN_RATE", 0.0)
    monkeypatch.setattr("data_samples.spoiling.REPEAT_RATE", 0.0)


def test_a_row_belongs_to_the_first_delivery_received_after_it() -> None:
    schedule = Schedule(date(2020, 1, 1), date(2025, 6, 30), 13)
    history = seconds(date(2025, 6, 30) - timedelta(days=13 * CYCLE_DAYS))
    cycle = CYCLE_DAYS * 86_400
    end = seconds(date(2025, 6, 30))
    entered = np.array(
        [0, history - 1, history, history + cycle - 1, history + cycle, end - 1, end, end + cycle]
    )
    assert schedule.delivery_of(entered).tolist() == [0, 0, 1, 1, 2, 13, -1, -1]
    assert schedule.delivery_of(entered).dtype == np.int16
    only_history = Schedule(date(2020, 1, 1), date(2025, 6, 30), 0)
    assert only_history.delivery_of(np.array([end - 1, end])).tolist() == [0, -1]


@pytest.mark.parametrize("name", list(SOURCES))
def test_polars_reads_every_extract_again(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unspoiled(monkeypatch)
    source = SOURCES[name]
    frame = history_rows(source)
    path = write_one(tmp_path, source, frame)
    wanted = frame.drop("_entered")
    if source.dialect == "parquet":
        assert pl.read_parquet(path).equals(wanted)
        return
    form = DIALECTS[source.dialect]
    encoding = "utf8" if form.encoding == "utf-8" else form.encoding
    read = pl.read_csv(
        path,
        separator=form.separator,
        encoding=encoding,
        infer_schema=False,
        null_values=[form.null_text],
    )
    for column, kind in source.columns.items():
        match kind:
            case "flag":
                words = {form.true_word: True, form.false_word: False}
                values = read[column].replace_strict(words, return_dtype=pl.Boolean)
            case "date":
                values = read[column].str.to_date(form.date_format)
            case "timestamp":
                values = read[column].str.to_datetime(form.timestamp_format, time_unit="us")
            case _:
                values = read[column].cast(wanted.schema[column])
        assert values.equals(wanted[column]), column


@pytest.mark.parametrize("name", list(SOURCES))
def test_duckdb_reads_every_extract_again(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unspoiled(monkeypatch)
    source = SOURCES[name]
    frame = history_rows(source)
    path = write_one(tmp_path, source, frame)
    wanted = frame.drop("_entered")
    form = DIALECTS[source.dialect]
    with duckdb.connect() as connection:
        if source.dialect == "parquet":
            read = connection.read_parquet(str(path)).pl()
        else:
            if form.encoding == "cp1252":
                folder = files("duckdb_extension_encodings") / "extensions" / f"v{duckdb.__version__}"
                connection.load_extension(str(folder / "encodings.duckdb_extension"))
            read = connection.sql(
                "from read_csv($path, columns = $columns, delim = $delim, encoding = $encoding,"
                " nullstr = $null, dateformat = $dates, timestampformat = $times, header = true,"
                """ auto_detect = false, quote = '"', escape = '"')""",
                params={
                    "path": str(path),
                    "columns": {column: TYPES[kind] for column, kind in source.columns.items()},
                    "delim": form.separator,
                    "encoding": "CP1252" if form.encoding == "cp1252" else "utf-8",
                    "null": form.null_text,
                    "dates": form.date_format,
                    "times": form.timestamp_format,
                },
            ).pl()
    for column, kind in source.columns.items():
        values = read[column]
        if kind == "flag" and source.dialect != "parquet":
            values = values.replace_strict(
                {form.true_word: True, form.false_word: False}, return_dtype=pl.Boolean
            )
        assert values.cast(wanted.schema[column]).equals(wanted[column]), column


def test_a_letter_outside_windows_1252_is_refused(tmp_path: Path) -> None:
    source = SOURCES["case_notes"]
    frame = history_rows(source).with_columns(pl.lit("Ж is not in it").alias("note_text"))
    with pytest.raises(ValueError, match=r"case_notes: 'Ж' \(U\+0416\) has no place in Windows-1252"):
        write_one(tmp_path, source, frame)


def test_rows_of_another_shape_are_refused(tmp_path: Path) -> None:
    writer = ChunkWriter(tmp_path / "out", tmp_path / "scratch", SCHEDULE, "1999", 1)
    frame = history_rows(SOURCES["orders"])
    with pytest.raises(ValueError, match="orders: the columns must be"):
        writer.add("orders", frame.drop("reason_not_pursued"))
    with pytest.raises(ValueError, match="orders: wrong types"):
        writer.add("orders", frame.with_columns(pl.col("_entered").cast(pl.Float64)))


def test_manifests_tell_the_rows_and_the_bytes(force: tuple[Path, Delivered]) -> None:
    out, delivered = force
    told = manifests(out)
    assert len(told) == delivered.folders
    rows = size = 0
    for place, manifest in told:
        source = SOURCES[place.parent.name]
        assert (manifest["source"], manifest["delivery"]) == (source.name, place.name)
        assert manifest["dialect"] == source.dialect
        assert datetime.fromisoformat(manifest["received_at"]) == datetime.fromisoformat(
            f"{place.name}T06:00:00"
        )
        assert {file["name"] for file in manifest["files"]} | {"manifest.json"} == {
            p.name for p in place.iterdir()
        }
        for file in manifest["files"]:
            data = (place / file["name"]).read_bytes()
            assert hashlib.sha256(data).hexdigest() == file["sha256"]
            assert len(data) == file["bytes"]
            assert len(records(place / file["name"], source)) == file["rows"]
            rows += file["rows"]
            size += file["bytes"]
    assert (rows, size) == (delivered.rows, delivered.bytes)
    assert sum(delivered.rows_by_source.values()) == rows


def test_every_good_row_arrives_once_and_in_its_own_time(force: tuple[Path, Delivered]) -> None:
    out, delivered = force
    spoilt = {(one, day, file, line) for one, day, file, line in spoilt_lines(out)}
    references: dict[str, list[str]] = {name: [] for name in SOURCES}
    again = sent_again(out)
    for place, manifest in manifests(out):
        source = SOURCES[place.parent.name]
        if again == (source.name, place.name):
            continue
        for file in manifest["files"]:
            lines = records(place / file["name"], source)
            good = [
                line
                for number, line in enumerate(lines, 1)
                if (source.name, place.name, file["name"], number) not in spoilt
            ]
            references[source.name].extend(line[0] for line in good)
            at = [moment(line[list(source.columns).index(source.entered)], source) for line in good]
            assert all(manifest["covers_from"] <= one < manifest["covers_to"] for one in at)
            if manifest["kind"] != "history":
                assert at == sorted(at)
    assert all(len(found) == len(set(found)) for found in references.values())
    expected = 13 * len(YEARS) * 2 * 260 - delivered.not_yet_delivered
    assert delivered.not_yet_delivered > 0
    assert sum(len(found) for found in references.values()) == expected


def moment(written: str, source: Source) -> str:
    """A timestamp of a file as ISO text."""
    form = DIALECTS[source.dialect].timestamp_format or "%Y-%m-%d %H:%M:%S"
    return datetime.strptime(written, form).isoformat()


def spoilt_lines(out: Path) -> list[tuple[str, str, str, int]]:
    columns = ["source", "delivery", "file", "line"]
    truth = [pl.read_parquet(out / "truth" / f"{name}.parquet") for name in ("broken_rows", "repeated_rows")]
    return pl.concat([frame.select(columns) for frame in truth]).rows()


def sent_again(out: Path) -> tuple[str, str]:
    told = pl.read_parquet(out / "truth" / "deliveries.parquet")
    return told.filter(pl.col("note").str.starts_with("again")).select("source", "delivery").row(0)


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_some_deliveries_are_late_twice_or_between_cycles(seed: int, tmp_path: Path) -> None:
    make_force(tmp_path, seed, rows=40)
    told = pl.read_parquet(tmp_path / "out" / "truth" / "deliveries.parquet")
    late = told.filter(pl.col("note").str.starts_with("late"))
    twice = told.filter(pl.col("note").str.starts_with("again"))
    between = told.filter(pl.col("kind") == "off_cycle")
    assert late["source"].n_unique() == 2
    assert (twice.height, between.height) == (1, 1)
    assert told.height == 13 * 6 + 2
    assert told.filter(pl.col("received_at") > datetime(2025, 6, 30, 6)).is_empty()
    due = [SCHEDULE.due_on(cycle) for cycle in range(6)]
    for source, day in late.select("source", "delivery").iter_rows():
        manifest = json.loads((tmp_path / "out" / "extracts" / source / day / "manifest.json").read_text())
        lateness = (date.fromisoformat(day) - date.fromisoformat(manifest["covers_to"][:10])).days
        assert 3 <= lateness <= 12
        assert date.fromisoformat(manifest["covers_to"][:10]) in due
    source, day, note = twice.select("source", "delivery", "note").row(0)
    folder = tmp_path / "out" / "extracts" / source
    first, second = (folder / note.removeprefix("again: "), folder / day)
    (one,), (two,) = (sorted(place.glob("*_20*")) for place in (first, second))
    assert one.read_bytes() == two.read_bytes() and one.name != two.name
    assert len(records(one, SOURCES[source])) > 0
    source, day = between.select("source", "delivery").row(0)
    early = json.loads((tmp_path / "out" / "extracts" / source / day / "manifest.json").read_text())
    days = date.fromisoformat(early["covers_to"][:10]) - date.fromisoformat(early["covers_from"][:10])
    assert 9 <= days.days <= 13
    assert early["files"][0]["rows"] > 0


@pytest.mark.parametrize("deliveries", [0, 1, 2])
def test_few_deliveries_do_what_they_can(deliveries: int, tmp_path: Path) -> None:
    schedule = Schedule(date(2023, 1, 1), date(2025, 6, 30), deliveries)
    make_force(tmp_path, 2, schedule, rows=60)
    told = pl.read_parquet(tmp_path / "out" / "truth" / "deliveries.parquet")
    assert told.filter(pl.col("kind") == "regular")["source"].n_unique() == (13 if deliveries else 0)
    assert told.filter(pl.col("kind") == "off_cycle").height == (1 if deliveries else 0)
    assert told.filter(pl.col("note").str.starts_with("again")).height == (1 if deliveries > 1 else 0)
    broken = pl.read_parquet(tmp_path / "out" / "truth" / "broken_rows.parquet")
    assert set(broken["kind"]) == set(KINDS)


def test_broken_rows_are_where_the_truth_says(force: tuple[Path, Delivered]) -> None:
    out, delivered = force
    broken = pl.read_parquet(out / "truth" / "broken_rows.parquet")
    assert broken.height == delivered.broken_rows
    assert set(broken["kind"]) == set(KINDS)
    for (name, day, file), found in broken.group_by("source", "delivery", "file"):
        source = SOURCES[str(name)]
        lines = records(out / "extracts" / str(name) / str(day) / str(file), source)
        damaged = dict(found.select("line", pl.struct("kind", "column", "reference")).iter_rows())
        for line, damage in damaged.items():
            check_damage(source, lines, line, damage)
        for number, line in enumerate(lines, 1):
            if number not in damaged:
                assert len(line) == len(source.columns)


def check_damage(source: Source, lines: list[list[str]], line: int, damage: dict[str, str]) -> None:
    """One record is broken in the way and in the column that the truth names, and its good row is near."""
    record, kind, column = lines[line - 1], damage["kind"], damage["column"]
    names = list(source.columns)
    place = names.index(column) if column else 0
    good = next(one for one in lines[max(line - 4, 0) :] if one[0] == damage["reference"])
    if kind != "missing_key":
        assert record[0] == damage["reference"]
    match kind:
        case "ragged_short":
            assert len(record) == place
        case "ragged_long":
            assert len(record) == len(names) + 1
        case "impossible_date":
            assert "-02-31" in record[place] or "31/02/" in record[place]
        case "text_in_number":
            with pytest.raises(ValueError, match="could not convert"):
                float(record[place])
        case "unknown_code":
            assert record[place] in ("ZZ9", "??", "UNKNOWN_CODE", "-1")
        case "missing_key":
            assert record[place] in ("", DIALECTS[source.dialect].null_text)
        case "repeated_key":
            assert record[place] != good[place]
            assert [one for i, one in enumerate(record) if i != place] == [
                one for i, one in enumerate(good) if i != place
            ]
        case "negative_number":
            assert float(record[place]) < 0
        case _:
            assert kind == "stray_control"
            assert any(mark in record[place] for mark in "\x07\x0b\x1a\x1f")


def test_repeats_are_exact_and_about_one_in_five_thousand() -> None:
    source = SOURCES["contacts"]
    frame = history_rows(source, 60_000).drop("_entered")
    spoiled = spoil(source, frame, 4, "contacts_2023.parquet", 0, 0)
    assert spoiled.repeated.height == pytest.approx(12, abs=12)
    assert spoiled.broken.height == pytest.approx(15, abs=14)
    assert spoiled.frame.height == 60_000 + spoiled.repeated.height + spoiled.broken.height
    for line, first, reference in spoiled.repeated.iter_rows():
        assert first < line
        assert spoiled.frame.row(line - 1) == spoiled.frame.row(first - 1)
        assert spoiled.frame.row(line - 1)[0] == reference
    spots = [line - 1 for line in [*spoiled.repeated["line"], *spoiled.broken["line"]]]
    kept = spoiled.frame.with_row_index().filter(~pl.col("index").is_in(spots)).drop("index")
    assert kept.equals(frame)


def test_the_columns_that_can_be_damaged_exist() -> None:
    for name, source in SOURCES.items():
        assert {*CODE_COLUMNS[name], CONTRADICTED[name]} <= set(source.columns)
        assert {source.columns[column] for column in CODE_COLUMNS[name]} == {"text"}
        assert len(kinds_of(source)) >= 4


def test_truth_is_said_once_where_asked_and_in_order_otherwise(force: tuple[Path, Delivered]) -> None:
    out, _ = force
    people = pl.read_parquet(out / "truth" / "people.parquet")
    assert people.rows() == [(1, "a"), (2, "a"), *((year, "b") for year in YEARS)]
    facts = pl.read_parquet(out / "truth" / "facts.parquet")
    assert facts["fact"].to_list() == [year for year in YEARS for _ in range(2)]


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_same_arguments_give_the_same_bytes_in_any_order_of_chunks(
    force: tuple[Path, Delivered], tmp_path: Path
) -> None:
    out, delivered = force
    assert make_force(tmp_path, 1, backwards=True) == delivered
    assert tree(tmp_path / "out") == tree(out)


def test_truth_tables_grow_by_batches_and_keep_their_words(tmp_path: Path) -> None:
    writer = ChunkWriter(tmp_path / "out", tmp_path / "scratch", SCHEDULE, "2023", 1)
    for start in range(0, 60_000, 12_000):
        numbers = pl.DataFrame({"number": np.arange(start, start + 12_000)})
        kinds = pl.lit("x" if start % 24_000 else "y").cast(pl.Categorical)
        writer.add_truth("numbers", numbers.with_columns(kinds.alias("kind")))
    writer.add_truth("nothing", pl.DataFrame(schema={"number": pl.Int64}))
    with pytest.raises(ValueError, match="numbers: rows of another shape"):
        writer.add_truth("numbers", pl.DataFrame({"number": [1]}))
    writer.close()
    assemble(tmp_path / "out", tmp_path / "scratch", SCHEDULE, 1, [])
    numbers = pl.read_parquet(tmp_path / "out" / "truth" / "numbers.parquet")
    assert numbers["number"].to_list() == list(range(60_000))
    assert numbers.schema == {"number": pl.Int64, "kind": pl.String}
    assert pl.read_parquet(tmp_path / "out" / "truth" / "nothing.parquet").height == 0


def test_rows_are_said_once_in_order_however_many_stretches_it_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = np.random.default_rng(3)
    paths: list[Path] = []
    for number in range(3):
        rows = pl.DataFrame(
            {"system": drawn.choice(["a", "b"], 4_000), "ref": drawn.integers(0, 900, 4_000), "key": 1}
        )
        paths.append(tmp_path / f"{number}.arrow")
        rows.write_ipc(paths[-1])
    whole = pl.concat([pl.read_ipc(path) for path in paths]).unique().sort("system", "ref", "key")
    for at_once in (10_000_000, 1_000, 137):
        monkeypatch.setattr(deliveries, "_ROWS_AT_ONCE", at_once)
        parts = [cast(pl.DataFrame, pl.from_arrow(part)) for part in deliveries._said_once(paths)]
        assert pl.concat(parts).equals(whole)
        assert len(parts) == -(-12_000 // at_once)
