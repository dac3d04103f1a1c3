"""How the force delivers: one history, then new and changed rows every 28 days, each with its manifest."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from data_samples import chance
from data_samples.sources import DIALECTS, SOURCES, FileFormat, Kind, Source
from data_samples.spoiling import (
    BROKEN_SCHEMA,
    HOME,
    REPEATED_SCHEMA,
    LineDamage,
    broken_line,
    kinds_of,
    spoil,
)

CYCLE_DAYS: Final = 28
DAY: Final = 86_400
RECEIVED_HOUR: Final = 6
ENTERED: Final = "_entered"

_TYPES: Final[dict[Kind, pl.DataType]] = {
    "text": pl.String(),
    "integer": pl.Int64(),
    "decimal": pl.Float64(),
    "flag": pl.Boolean(),
    "date": pl.Date(),
    "timestamp": pl.Datetime("us"),
}
_T = TypeVar("_T")
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_ROWS_HELD: Final = 16_384  # small months are gathered so far before they are written
_BYTES_HELD: Final = 16_000_000
_ROW_GROUP: Final = 131_072
_ROWS_AT_ONCE: Final = 3_000_000  # of a truth table whose rows are said once
_GZIP_LEVEL: Final = 1


@dataclass(frozen=True)
class Schedule:
    """When the history and each later delivery is due."""

    start: date
    end: date
    deliveries: int

    @property
    def history_on(self) -> date:
        return self.end - timedelta(days=CYCLE_DAYS * self.deliveries)

    def due_on(self, delivery: int) -> date:
        """The day a delivery is due; 0 is the history."""
        return self.history_on + timedelta(days=CYCLE_DAYS * delivery)

    def delivery_of(self, entered: NDArray[np.int64]) -> NDArray[np.int16]:
        """The delivery that brings rows entered at these epoch seconds; -1 for rows too late for any."""
        cycles = (entered - _epoch(self.history_on)) // (CYCLE_DAYS * DAY) + 1
        late = entered >= _epoch(self.end)
        return np.where(late, -1, np.clip(cycles, 0, self.deliveries)).astype(np.int16)


@dataclass(frozen=True)
class Delivered:
    """What was written, in numbers."""

    folders: int
    files: int
    rows: int
    bytes: int
    broken_rows: int
    repeated_rows: int
    not_yet_delivered: int
    rows_by_source: dict[str, int]


@dataclass(frozen=True)
class _File:
    """One line of a manifest."""

    name: str
    rows: int
    sha256: str
    bytes: int


@dataclass(frozen=True)
class _Part:
    """Rows for later deliveries, waiting in scratch: one record batch for each delivery."""

    name: str
    deliveries: tuple[int, ...]


@dataclass(frozen=True)
class _Folder:
    """One delivery of one source: what it covers, when it really came, and why it is unusual."""

    source: str
    cycle: int
    kind: str
    covers_from: date
    covers_to: date
    came_on: date
    notes: tuple[str, ...] = ()
    again: bool = False

    @property
    def name(self) -> str:
        return self.came_on.isoformat()

    @property
    def received_at(self) -> datetime:
        return datetime(self.came_on.year, self.came_on.month, self.came_on.day, RECEIVED_HOUR)


@dataclass(frozen=True)
class _Sent:
    """A folder with what was written into it."""

    folder: _Folder
    files: list[_File]
    broken: list[pl.DataFrame] = field(default_factory=list[pl.DataFrame])
    repeated: list[pl.DataFrame] = field(default_factory=list[pl.DataFrame])


def _epoch(day: date) -> int:
    return (day - date(1970, 1, 1)).days * DAY


class _HashingFile(io.RawIOBase):
    """A new file that knows its length and hash when it is closed."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("xb")
        self._hash = hashlib.sha256()
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        view = memoryview(data)
        self._hash.update(view)
        self._file.write(view)
        self.size += view.nbytes
        return view.nbytes

    def tell(self) -> int:
        return self.size

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def close(self) -> None:
        self._file.close()
        super().close()


class _Extract:
    """One file of one delivery, written from front to back in its source's dialect."""

    def __init__(self, source: Source, delivery: str, path: Path, seed: int) -> None:
        self._source = source
        self._delivery = delivery
        self._path = path
        self._seed = seed
        self._form = DIALECTS[source.dialect]
        self._file = _HashingFile(path)
        self._codec: pa.Codec | None = None
        if self._form.compression == "gzip":
            self._codec = pa.Codec("gzip", compression_level=_GZIP_LEVEL)
        self._table: pq.ParquetWriter | None = None
        self._good = 0
        self.rows = 0
        self.broken: list[pl.DataFrame] = []
        self.repeated: list[pl.DataFrame] = []
        if source.dialect == "parquet":
            self._table = pq.ParquetWriter(
                pa.PythonFile(self._file, mode="w"),
                _arrow(_empty(source.name)).schema,
                compression="zstd",
                compression_level=1,
                store_schema=False,
            )
        else:
            mark = _BYTE_ORDER_MARK if self._form.byte_order_mark else b""
            self._put(mark + _lines(_words(_empty(source.name), source, self._form), self._form, header=True))

    def append(self, frame: pl.DataFrame, forced: Sequence[str] = ()) -> None:
        """Add the next rows, with the repeats and the broken copies that fall among them."""
        for start in range(0, frame.height, _ROW_GROUP):
            self._append(frame.slice(start, _ROW_GROUP), forced if start == 0 else ())

    def _append(self, frame: pl.DataFrame, forced: Sequence[str]) -> None:
        spoiled = spoil(self._source, frame, self._seed, self._path.name, self._good, self.rows, forced)
        self._good += frame.height
        self.rows += spoiled.frame.height
        self.broken.append(self._placed(spoiled.broken, list(BROKEN_SCHEMA)))
        self.repeated.append(self._placed(spoiled.repeated, list(REPEATED_SCHEMA)))
        if self._table is not None:
            self._table.write_table(_arrow(spoiled.frame), row_group_size=_ROW_GROUP)
            return
        for piece in _pieces(spoiled.frame, spoiled.lines, self._source, self._form):
            self._put(piece)

    def close(self) -> _File:
        if self._table is not None:
            self._table.close()
        self._file.close()
        return _File(self._path.name, self.rows, self._file.sha256, self._file.size)

    def _placed(self, found: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
        where = {"source": self._source.name, "delivery": self._delivery, "file": self._path.name}
        return found.with_columns(pl.lit(word).alias(name) for name, word in where.items()).select(columns)

    def _put(self, data: bytes) -> None:
        """Encode strictly; compress as one gzip member, which carries no time."""
        if self._form.encoding == "cp1252":
            try:
                data = data.decode("utf-8").encode("cp1252")
            except UnicodeEncodeError as error:
                letter = str(error.object)[error.start]
                raise ValueError(
                    f"{self._source.name}: {letter!r} (U+{ord(letter):04X}) has no place in Windows-1252"
                ) from error
        self._file.write(self._codec.compress(data) if self._codec is not None else data)


class _Table:
    """A scratch table that grows batch by batch with little memory."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._held: list[pl.DataFrame] = []
        self._rows = 0
        self._bytes = 0
        self._writer: pa.RecordBatchFileWriter | None = None

    def append(self, frame: pl.DataFrame) -> None:
        frame = frame.with_columns(pl.col(pl.Categorical, pl.Enum).cast(pl.String))
        if self._held and frame.schema != self._held[0].schema:
            raise ValueError(f"{self._path.parent.name}: rows of another shape: {frame.schema}")
        self._held.append(frame)
        self._rows += frame.height
        self._bytes += int(frame.estimated_size())
        if self._rows >= _ROWS_HELD or self._bytes >= _BYTES_HELD:
            self._flush()

    def close(self) -> None:
        if self._held:
            self._flush()
        if self._writer is not None:
            self._writer.close()

    def _flush(self) -> None:
        table = _arrow(pl.concat(self._held).rechunk())
        if self._writer is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = pa.ipc.new_file(
                str(self._path), table.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")
            )
        self._writer.write_table(table)
        self._held = [self._held[0].clear()]
        self._rows = 0
        self._bytes = 0


@dataclass
class _Pending:
    """Rows of one source that wait to be written."""

    frames: list[pl.DataFrame] = field(default_factory=list[pl.DataFrame])
    rows: int = 0
    bytes: int = 0

    def hold(self, frame: pl.DataFrame) -> bool:
        """Keep these rows; true once there are enough to write."""
        self.frames.append(frame)
        self.rows += frame.height
        self.bytes += int(frame.estimated_size())
        return self.rows >= _ROWS_HELD or self.bytes >= _BYTES_HELD

    def release(self) -> pl.DataFrame:
        held = pl.concat(self.frames)
        self.frames, self.rows, self.bytes = [], 0, 0
        return held


class ChunkWriter:
    """Takes the rows of one chunk of work: its history goes to its own files, the rest waits in scratch."""

    def __init__(self, out: Path, scratch: Path, schedule: Schedule, chunk: str, seed: int) -> None:
        self._out = out
        self._scratch = scratch
        self._schedule = schedule
        self._chunk = chunk
        self._seed = seed
        self._history: dict[str, _Extract] = {}
        self._waiting: dict[str, _Pending] = defaultdict(_Pending)
        self._later: dict[str, _Pending] = defaultdict(_Pending)
        self._parts: dict[str, list[_Part]] = defaultdict(list)
        self._truth: dict[str, _Table] = {}
        self._too_late = 0
        self._shows_every_kind = chunk[:4] == str(_year_of_every_kind(schedule, seed))

    def add(self, source: str, frame: pl.DataFrame) -> None:
        """Take rows of one source: its columns in order, then `_entered`, which decides the delivery."""
        _check_shape(SOURCES[source], frame)
        delivery = self._schedule.delivery_of(frame.get_column(ENTERED).to_numpy())
        old = delivery == 0
        if old.all():
            self._to_history(source, frame)
            return
        self._too_late += int((delivery < 0).sum())
        if old.any():
            self._to_history(source, frame.filter(pl.Series(old)))
        coming = delivery > 0
        if coming.any():
            later = frame.with_columns(pl.Series("_delivery", delivery)).filter(pl.Series(coming))
            # A copy, because the few strings of a filtered frame would keep all of its text in memory.
            if self._later[source].hold(pl.DataFrame(_arrow(later))):
                self._flush_later(source)

    def add_truth(self, table: str, frame: pl.DataFrame) -> None:
        """Take rows of one truth table."""
        if table not in self._truth:
            self._truth[table] = _Table(self._scratch / "truth" / table / f"{self._chunk}.arrow")
        self._truth[table].append(frame)

    def close(self) -> None:
        """Write what waits, close this chunk's files and leave a note of them for `assemble`."""
        files: dict[str, dict[str, Any]] = {}
        for source in sorted(self._waiting):
            self._flush_history(source)
        for source in sorted(self._later):
            self._flush_later(source)
        for source, extract in sorted(self._history.items()):
            for broken in extract.broken:
                self.add_truth("broken_rows", broken)
            for repeated in extract.repeated:
                self.add_truth("repeated_rows", repeated)
            files[source] = vars(extract.close())
        for table in self._truth.values():
            table.close()
        note = {
            "files": files,
            "parts": {source: [vars(part) for part in parts] for source, parts in self._parts.items()},
            "too_late": self._too_late,
        }
        path = self._scratch / "chunks" / f"{self._chunk}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(note, sort_keys=True), encoding="utf-8")

    def _to_history(self, source: str, frame: pl.DataFrame) -> None:
        if self._waiting[source].hold(frame.drop(ENTERED)):
            self._flush_history(source)

    def _flush_history(self, source: str) -> None:
        waiting = self._waiting[source]
        if not waiting.rows:
            return
        forced: list[str] = []
        if source not in self._history:
            day = self._schedule.history_on.isoformat()
            name = f"{source}_{self._chunk}.{DIALECTS[SOURCES[source].dialect].extension}"
            path = self._out / "extracts" / source / day / name
            self._history[source] = _Extract(SOURCES[source], day, path, self._seed)
            if self._shows_every_kind:
                forced = [kind for kind, home in HOME.items() if home == source]
        self._history[source].append(waiting.release(), forced)

    def _flush_later(self, source: str) -> None:
        """Write a part with one record batch for each delivery, so that each can be read alone."""
        later = self._later[source]
        if not later.rows:
            return
        held = later.release().sort("_delivery", maintain_order=True)
        wanted, starts = np.unique(held.get_column("_delivery").to_numpy(), return_index=True)
        table = _arrow(held.drop("_delivery").rechunk())
        name = f"{self._chunk}_{len(self._parts[source]):05}.arrow"
        path = self._scratch / "later" / source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        with pa.ipc.new_file(str(path), table.schema, options=options) as writer:
            for start, stop in zip(starts, [*starts[1:], held.height], strict=True):
                writer.write_table(table.slice(start, stop - start).combine_chunks())
        self._parts[source].append(_Part(name, tuple(int(delivery) for delivery in wanted)))


def assemble(
    out: Path, scratch: Path, schedule: Schedule, seed: int, distinct_truth: Sequence[str]
) -> Delivered:
    """Merge what the chunks left for later deliveries, write every manifest and the truth."""
    with ThreadPoolExecutor(1) as beside:  # the truth is merged while the deliveries are written
        merged = beside.submit(_merge_truth, out, scratch, frozenset(distinct_truth))
        delivered = _deliver(out, scratch, schedule, seed)
        merged.result()
    return delivered


def _deliver(out: Path, scratch: Path, schedule: Schedule, seed: int) -> Delivered:
    paths = sorted((scratch / "chunks").glob("*.json"))
    notes = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    waiting = _Waiting(scratch, notes)
    folders = _plan(schedule, seed, waiting)
    broken = [_own_truth(scratch, "broken_rows", BROKEN_SCHEMA)]
    repeated = [_own_truth(scratch, "repeated_rows", REPEATED_SCHEMA)]
    missing = set(HOME) - set(broken[0].get_column("kind").to_list())
    total = Delivered(0, 0, 0, 0, 0, 0, sum(int(note["too_late"]) for note in notes), {})
    for source in SOURCES:
        last = _Sent(
            _history(schedule, source), [_File(**n["files"][source]) for n in notes if source in n["files"]]
        )
        total = _finished(out, last, total)
        for folder in (one for one in folders if one.source == source):
            place = out / "extracts" / source / folder.name
            place.mkdir(parents=True)
            if folder.again:
                last = _send_again(out, last, folder)
            else:
                last = _write_later(place, folder, waiting, seed, missing)
            broken.extend(last.broken)
            repeated.extend(last.repeated)
            total = _finished(out, last, total)
    every_broken, every_repeated = pl.concat(broken), pl.concat(repeated)
    _write_own_truth(out, folders, schedule, every_broken, every_repeated)
    return replace(total, broken_rows=every_broken.height, repeated_rows=every_repeated.height)


def _year_of_every_kind(schedule: Schedule, seed: int) -> int:
    """The history file of one whole year shows each kind of damage, however small the force."""
    first, last = schedule.start.year, schedule.history_on.year
    if last - first >= 2:
        first, last = first + 1, last - 1
    return first + int(chance.uniform(seed, "year of every kind of damage") * max(last - first + 1, 1))


class _Waiting:
    """The rows in scratch, by source and delivery."""

    def __init__(self, scratch: Path, notes: Iterable[dict[str, Any]]) -> None:
        self._parts: dict[tuple[str, int], list[tuple[Path, int]]] = defaultdict(list)
        for note in notes:
            for source, parts in note["parts"].items():
                for part in parts:
                    path = scratch / "later" / source / part["name"]
                    for index, delivery in enumerate(part["deliveries"]):
                        self._parts[source, delivery].append((path, index))

    def has(self, source: str, delivery: int) -> bool:
        return (source, delivery) in self._parts

    def rows(self, source: str, delivery: int) -> pl.DataFrame:
        """All rows of one source for one delivery, in the order in which they were entered."""
        found = self._parts.get((source, delivery))
        if not found:
            return _empty(source).with_columns(pl.lit(None, dtype=pl.Int64).alias(ENTERED))
        frames: list[pl.DataFrame] = []
        for path, index in found:
            with pa.ipc.open_file(str(path)) as reader:
                frames.append(pl.DataFrame(pa.Table.from_batches([reader.get_batch(index)])))
        return pl.concat(frames).sort([ENTERED, *SOURCES[source].key], maintain_order=True)

    def has_between(self, source: str, delivery: int, before: int) -> bool:
        """Whether the delivery has rows entered before some second and rows entered after it."""
        if not self.has(source, delivery):
            return False
        entered = self.rows(source, delivery).get_column(ENTERED).to_numpy()
        return bool(entered[0] < before <= entered[-1])


def _history(schedule: Schedule, source: str) -> _Folder:
    day = schedule.history_on
    return _Folder(source, 0, "history", min(schedule.start, day), day, day)


def _plan(schedule: Schedule, seed: int, waiting: _Waiting) -> list[_Folder]:
    """Every folder after the history, with the late ones, the one sent twice and the one between cycles.

    Four different sources carry the traps, and nothing is received after the end.
    """
    names = list(SOURCES)
    order = _shuffled(names, seed, "traps")
    inner = list(range(1, schedule.deliveries))
    all_cycles = list(range(1, schedule.deliveries + 1))
    twice = _first_with_rows(order, _shuffled(inner, seed, "twice"), waiting)
    order = [name for name in order if twice is None or name != twice[0]]
    days = 9 + int(chance.uniform(seed, "off cycle days") * 5)
    between = _first_with_rows(order, _shuffled(all_cycles, seed, "off cycle"), waiting, schedule, days)
    order = [name for name in order if between is None or name != between[0]]
    late = set(order[:2])
    folders: list[_Folder] = []
    for number, source in enumerate(names):
        lateness = _lateness(seed, number, inner) if source in late else {}
        for cycle in all_cycles:
            due, came = schedule.due_on(cycle - 1), schedule.due_on(cycle)
            regular = _Folder(source, cycle, "regular", due, came, came)
            if cycle in lateness:
                days_late = lateness[cycle]
                came = came + timedelta(days=days_late)
                regular = replace(regular, came_on=came, notes=(f"late by {days_late} days",))
            if between == (source, cycle):
                early = due + timedelta(days=days)
                why = (f"after {days} days of the cycle",)
                folders.append(_Folder(source, cycle, "off_cycle", due, early, early, why))
                regular = replace(regular, covers_from=early, notes=("the rest of a cycle begun off-cycle",))
            folders.append(regular)
            if twice == (source, cycle):
                later = came + timedelta(days=2 + int(chance.uniform(seed, "twice days") * 8))
                why = (f"again: {regular.name}",)
                folders.append(replace(regular, came_on=later, notes=why, again=True))
    return folders


def _shuffled(items: list[_T], seed: int, stream: str) -> list[_T]:
    drawn: list[float] = chance.uniform(seed, stream, np.arange(len(items))).tolist()
    return [item for _, item in sorted(zip(drawn, items, strict=True), key=lambda pair: pair[0])]


def _first_with_rows(
    sources: list[str], cycles: list[int], waiting: _Waiting, schedule: Schedule | None = None, days: int = 0
) -> tuple[str, int] | None:
    """The first source and cycle with rows for the trap to show; any, when there are none."""
    for source in sources:
        for cycle in cycles:
            if schedule is None:
                if waiting.has(source, cycle):
                    return source, cycle
            elif waiting.has_between(source, cycle, _epoch(schedule.due_on(cycle - 1)) + days * DAY):
                return source, cycle
    return (sources[0], cycles[0]) if sources and cycles else None


def _lateness(seed: int, number: int, cycles: list[int]) -> dict[int, int]:
    """A quarter of a late source's deliveries come 3 to 12 days after they are due; one always does."""
    if not cycles:
        return {}
    drawn = chance.uniform(seed, "late", number, np.array(cycles))
    days = 3 + (chance.uniform(seed, "late days", number, np.array(cycles)) * 10).astype(np.int64)
    least = int(np.argmin(drawn))
    chosen = [index for index in range(len(cycles)) if drawn[index] < 0.25 or index == least]
    return {cycles[index]: int(days[index]) for index in chosen}


def _write_later(place: Path, folder: _Folder, waiting: _Waiting, seed: int, missing: set[str]) -> _Sent:
    """Write one later delivery; it shows the kinds of damage that nothing has shown so far."""
    source = SOURCES[folder.source]
    rows = waiting.rows(folder.source, folder.cycle)
    entered = pl.col(ENTERED)
    rows = rows.filter((entered >= _epoch(folder.covers_from)) & (entered < _epoch(folder.covers_to)))
    path = place / f"{folder.source}_{folder.name}.{DIALECTS[source.dialect].extension}"
    extract = _Extract(source, folder.name, path, seed)
    if rows.height:
        extract.append(rows.drop(ENTERED), sorted(missing))
        missing.difference_update(kinds_of(source))
    return _Sent(folder, [extract.close()], extract.broken, extract.repeated)


def _send_again(out: Path, last: _Sent, folder: _Folder) -> _Sent:
    """The same bytes a second time under the name of the later day, with all that is wrong in them."""
    base, before = out / "extracts" / folder.source, last.folder.name
    files = [replace(file, name=file.name.replace(before, folder.name)) for file in last.files]
    for old, new in zip(last.files, files, strict=True):
        shutil.copyfile(base / before / old.name, base / folder.name / new.name)
    renamed = (
        pl.lit(folder.name).alias("delivery"),
        pl.col("file").str.replace(before, folder.name, literal=True),
    )
    broken = [found.with_columns(renamed) for found in last.broken]
    return _Sent(folder, files, broken, [found.with_columns(renamed) for found in last.repeated])


def _finished(out: Path, sent: _Sent, total: Delivered) -> Delivered:
    """Write the manifest of a folder and count what it holds."""
    source = sent.folder.source
    place = out / "extracts" / source / sent.folder.name
    place.mkdir(parents=True, exist_ok=True)
    _write_manifest(place, sent.folder, sent.files)
    rows = sum(file.rows for file in sent.files)
    return replace(
        total,
        folders=total.folders + 1,
        files=total.files + len(sent.files),
        rows=total.rows + rows,
        bytes=total.bytes + sum(file.bytes for file in sent.files),
        rows_by_source={**total.rows_by_source, source: total.rows_by_source.get(source, 0) + rows},
    )


def _write_manifest(place: Path, folder: _Folder, files: list[_File]) -> None:
    said = {
        "source": folder.source,
        "delivery": folder.name,
        "kind": folder.kind,
        "received_at": folder.received_at.isoformat(),
        "covers_from": f"{folder.covers_from.isoformat()}T00:00:00",
        "covers_to": f"{folder.covers_to.isoformat()}T00:00:00",
        "dialect": SOURCES[folder.source].dialect,
        "files": [vars(file) for file in sorted(files, key=lambda file: file.name)],
    }
    text = json.dumps(said, indent=2, sort_keys=True) + "\n"
    (place / "manifest.json").write_text(text, encoding="utf-8", newline="\n")


def _own_truth(scratch: Path, table: str, schema: dict[str, type[pl.DataType]]) -> pl.DataFrame:
    """What the chunks noted about their own files."""
    found = [pl.DataFrame(schema=schema)]
    found.extend(pl.read_ipc(path) for path in sorted((scratch / "truth" / table).glob("*.arrow")))
    return pl.concat(found)


def _write_own_truth(
    out: Path, folders: list[_Folder], schedule: Schedule, broken: pl.DataFrame, repeated: pl.DataFrame
) -> None:
    """Which deliveries were unusual and which records are broken or repeated."""
    every = [*(_history(schedule, source) for source in SOURCES), *folders]
    deliveries = pl.DataFrame(
        {
            "source": [folder.source for folder in every],
            "delivery": [folder.name for folder in every],
            "kind": [folder.kind for folder in every],
            "received_at": [folder.received_at for folder in every],
            "note": ["; ".join(folder.notes) for folder in every],
        },
        schema={
            "source": pl.String,
            "delivery": pl.String,
            "kind": pl.String,
            "received_at": pl.Datetime("us"),
            "note": pl.String,
        },
    )
    for table, frame, order in (
        ("deliveries", deliveries, ["source", "delivery"]),
        ("broken_rows", broken, ["source", "delivery", "file", "line"]),
        ("repeated_rows", repeated, ["source", "delivery", "file", "line"]),
    ):
        _write_truth(out, table, [_arrow(frame.sort(order))])


def _merge_truth(out: Path, scratch: Path, distinct: frozenset[str]) -> None:
    """Join each truth table's parts in the order of the chunks; said once and sorted where asked."""
    for folder in sorted((scratch / "truth").glob("*")):
        paths = sorted(folder.glob("*.arrow"))
        if folder.name in ("broken_rows", "repeated_rows"):
            continue
        if folder.name in distinct:
            _write_truth(out, folder.name, _said_once(paths))
        else:
            _write_truth(out, folder.name, _gathered(paths))


def _said_once(paths: list[Path]) -> Iterator[pa.Table]:
    """Distinct rows in order, a stretch of the order at a time: memory does not grow with the table."""
    every = pl.concat([pl.scan_ipc(path) for path in paths])
    rows = int(every.select(pl.len()).collect().item())
    first, second = every.collect_schema().names()[:2]
    stretches = -(-rows // _ROWS_AT_ONCE)
    here = pl.struct(first, second)
    cuts: list[dict[str, Any]] = []
    if stretches > 1:
        seen = every.select(here.alias("at")).gather_every(max(rows // 5_000, 1)).collect().to_series().sort()
        cuts = [seen[len(seen) * number // stretches] for number in range(1, stretches)]
    for low, high in zip([None, *cuts], [*cuts, None], strict=True):
        part = every
        if low is not None:
            part = part.filter(_not_before(low, first, second))
        if high is not None:
            part = part.filter(~_not_before(high, first, second))
        frame = part.unique().collect()
        yield _arrow(frame.sort(frame.columns))


def _not_before(cut: dict[str, Any], first: str, second: str) -> pl.Expr:
    return (pl.col(first) > cut[first]) | ((pl.col(first) == cut[first]) & (pl.col(second) >= cut[second]))


def _gathered(paths: list[Path]) -> Iterator[pa.Table]:
    """The batches of several scratch files, joined to row groups of a useful size."""
    held: list[pa.RecordBatch] = []
    rows = 0
    given = False
    for path in paths:
        with pa.ipc.open_file(str(path)) as reader:
            schema = reader.schema
            for index in range(reader.num_record_batches):
                held.append(reader.get_batch(index))
                rows += held[-1].num_rows
                if rows >= _ROW_GROUP:
                    yield pa.Table.from_batches(held)
                    held, rows, given = [], 0, True
        if path == paths[-1] and (held or not given):
            yield pa.Table.from_batches(held, schema=schema)


def _write_truth(out: Path, table: str, parts: Iterable[pa.Table]) -> None:
    path = out / "truth" / f"{table}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    writer: pq.ParquetWriter | None = None
    for part in parts:
        if writer is None:
            writer = pq.ParquetWriter(str(path), part.schema, compression="zstd", store_schema=False)
        writer.write_table(part, row_group_size=_ROW_GROUP)
    if writer is not None:
        writer.close()


def _check_shape(source: Source, frame: pl.DataFrame) -> None:
    wanted = {name: _TYPES[kind] for name, kind in source.columns.items()} | {ENTERED: pl.Int64()}
    if frame.schema == pl.Schema(wanted) and frame.columns == list(wanted):
        return
    if frame.columns != list(wanted):
        raise ValueError(f"{source.name}: the columns must be {list(wanted)}, not {frame.columns}")
    wrong = {name: str(held) for name, held in frame.schema.items() if held != wanted[name]}
    raise ValueError(f"{source.name}: wrong types: {wrong}")


def _arrow(frame: pl.DataFrame) -> pa.Table:
    """Without string views, so that a slice carries its own bytes only."""
    return frame.to_arrow(compat_level=pl.CompatLevel.oldest())


@cache
def _empty(source: str) -> pl.DataFrame:
    return pl.DataFrame(schema={name: _TYPES[kind] for name, kind in SOURCES[source].columns.items()})


def _words(frame: pl.DataFrame, source: Source, form: FileFormat) -> pl.DataFrame:
    """Flags as the words the dialect writes; the other types the CSV writer can write by itself."""
    flags = [name for name, kind in source.columns.items() if kind == "flag"]
    return frame.with_columns(
        pl.col(flag).replace_strict({True: form.true_word, False: form.false_word}, return_dtype=pl.String)
        for flag in flags
    )


def _lines(frame: pl.DataFrame, form: FileFormat, header: bool = False) -> bytes:
    buffer = io.BytesIO()
    frame.write_csv(
        buffer,
        include_header=header,
        separator=form.separator,
        line_terminator=form.line_end,
        null_value=form.null_text,
        date_format=form.date_format,
        datetime_format=form.timestamp_format,
    )
    return buffer.getvalue()


def _pieces(
    frame: pl.DataFrame, damages: Sequence[LineDamage], source: Source, form: FileFormat
) -> Iterator[bytes]:
    """The frame as lines, in pieces that files take well; one gzip member for each batch."""
    if form.compression == "none":
        yield from _records(frame, damages, source, form)
    else:
        yield b"".join(_records(frame, damages, source, form))


def _records(
    frame: pl.DataFrame, damages: Sequence[LineDamage], source: Source, form: FileFormat
) -> Iterator[bytes]:
    """The frame as lines; it is cut at each broken line, which is written by itself."""
    words = _words(frame, source, form)
    formats = {"date": form.date_format, "timestamp": form.timestamp_format}
    times = {name: formats[kind] for name, kind in source.columns.items() if kind in formats}
    plain = words[[damage.position for damage in damages]]
    plain = plain.with_columns(pl.col(name).dt.strftime(wanted) for name, wanted in times.items()).cast(
        pl.String
    )
    done = 0
    for index, damage in enumerate(damages):
        yield _lines(words.slice(done, damage.position - done), form)
        yield _lines(broken_line(plain.slice(index, 1), damage, source), form)
        done = damage.position + 1
    yield _lines(words.slice(done), form)
