"""One delivery into its folder: accepted rows file by file, and beside them what was not accepted and why."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from dagster_project.contracts import Contract
from dagster_project.deliveries import Delivery, DeliveryRefused, ExtractFile
from dagster_project.loading.arrival import Arrival, blamed, look, no_text_holds, unreadable
from dagster_project.loading.engine import Engine, Engines, is_fatal, is_ours
from dagster_project.loading.turns import Turns
from dagster_project.warehouse import Failure

BOOKS: Final = ("quarantine", "repeats", "extra_columns")
AT_ONCE: Final = 2
"""Files of a delivery that are worked on side by side: reading and writing one keeps one core busy."""

FEW: Final = 1000
"""Rows that are named one by one in a query."""

_ENDINGS: Final = (".gz", ".csv", ".txt", ".parquet")


@dataclass(frozen=True)
class FileCount:
    """What became of the rows of one file; received is always the sum of the other three."""

    name: str
    rows_received: int
    rows_loaded: int
    rows_quarantined: int
    rows_repeated: int


_End = tuple[FileCount, tuple[str, ...]]
"""The counts of a file, and its columns that the contract does not know."""


@dataclass(frozen=True)
class Accepted:
    """What a delivery's manifest will say about its files."""

    counts: tuple[FileCount, ...]
    parquet: tuple[str, ...]
    warnings: tuple[str, ...]


def accept(
    engines: Engines,
    contract: Contract,
    delivery: Delivery,
    folder: Path,
    scratch: Path,
    told: Callable[[int], None],
) -> Accepted:
    """Read the files side by side and write what is good into a folder that nobody sees yet."""
    engines.main.ask("books")
    course = _Course(engines, contract, delivery, folder, scratch)
    counts: list[FileCount] = []
    warnings: list[str] = []
    with ThreadPoolExecutor(AT_ONCE) as working:
        ends = [working.submit(course.take, number) for number in range(len(delivery.files))]
        for file, end in zip(delivery.files, ends, strict=True):
            count, extras = _ended(file, end)
            counts.append(count)
            if extras:
                names = ", ".join(extras)
                warnings.append(
                    f"{file.name} has columns that the contract does not know, kept aside: {names}"
                )
            told(file.rows)
    for book in BOOKS:
        if engines.main.ask("count_book", book=book)[0][0]:
            engines.main.ask("write_book", book=book, target=folder / f"{book}.parquet")
    return Accepted(tuple(counts), course.targets, tuple(warnings))


def _ended(file: ExtractFile, end: Future[_End]) -> _End:
    """What became of a file; one that broke the database under both may be either."""
    try:
        return end.result()
    except Failure as error:
        if is_ours(error) or not is_fatal(error):
            raise
        raise DeliveryRefused(f"{file.name} or the file after it cannot be read; send them again") from None


def parquet_names(files: list[str]) -> tuple[str, ...]:
    """What the accepted rows of each file are called; no two alike, and none like a book."""
    taken: set[str] = set(BOOKS)
    names: list[str] = []
    for file in files:
        stem = file
        for ending in _ENDINGS:
            stem = stem.removesuffix(ending)
        while not stem or stem.startswith(".") or stem.lower() in taken:
            stem = f"{file}_{len(names)}".lstrip(".") if stem != f"{file}_{len(names)}" else f"{stem}_"
        taken.add(stem.lower())
        names.append(f"{stem}.parquet")
    return tuple(names)


class _Course:
    """What the files of a delivery share on their way."""

    def __init__(
        self, engines: Engines, contract: Contract, delivery: Delivery, folder: Path, scratch: Path
    ) -> None:
        self._engines, self._scratch = engines, scratch
        self.contract, self.delivery, self.folder = contract, delivery, folder
        self.targets = parquet_names([file.name for file in delivery.files])
        self.looked, self.placed = Turns(), Turns()

    def take(self, number: int) -> _End:
        """Bring one file to its end."""
        try:
            with TemporaryDirectory(dir=self._scratch) as room, self._engines.another() as engine:
                file = self.delivery.files[number]
                arrival = look(engine, self.contract, self.delivery, file, Path(room))
                return _OneFile(self, engine, number, arrival, Path(room)).accept(), arrival.header.extras
        except BaseException:
            self.looked.stop(number)
            self.placed.stop(number)
            raise


class _OneFile:
    """A file that was looked at, on its way to Parquet."""

    def __init__(self, course: _Course, engine: Engine, number: int, arrival: Arrival, room: Path) -> None:
        self._course, self._engine, self._number, self._arrival = course, engine, number, arrival
        self._contract, self._room = course.contract, room
        self._file = course.delivery.files[number]
        self._target = course.folder / course.targets[number]
        self._known: dict[str, Any] = {
            "contract": self._contract,
            "key": self._contract.key or self._contract.column_names,
            "source": course.delivery.source,
            "delivery_id": course.delivery.delivery_id,
            "received_at": course.delivery.received_at,
            "kind": course.delivery.kind,
            "source_file": self._file.name,
            "path": course.delivery.folder / self._file.name,
            "file": arrival.plain,
            "number": number,
            "header": arrival.header.names,
            "extras": arrival.header.extras,
            "raws": arrival.header.places,
        }

    def accept(self) -> FileCount:
        """Sort the rows into loaded, quarantined and repeated, and count each."""
        with self._course.looked.turn(self._number):
            earlier = self._find_wanted()
        if earlier:
            self._course.placed.wait(self._number)
        left_out = self._leave_out(earlier)
        loaded = self._write(left_out)
        lacking = self._arrival.rows - loaded
        if lacking > left_out:
            self._engine.ask("not_written", **self._known, records=self._file.rows, target=self._target)
            self._bring_wanted()
        with self._course.placed.turn(self._number):
            quarantined, repeated = self._put_in_books(lacking)
        return FileCount(self._file.name, self._file.rows, loaded, quarantined, repeated)

    def _find_wanted(self) -> list[int]:
        """Find what must be looked at before rows are written, and the earlier files that it hangs on."""
        if self._arrival.rejected:
            self._engine.ask("shifted", **self._known)
        ((files,),) = self._engine.ask(
            "suspects",
            **self._known,
            has_earlier=self._number > 0,
            has_later=self._number + 1 < len(self._course.delivery.files),
            control_records=list(self._arrival.control_records or ()),
        )
        return list(files or ())

    def _leave_out(self, earlier: list[int]) -> int:
        """How many rows are known to be refused, or to use a key that was used before."""
        if not self._bring_wanted():
            self._engine.ask("nothing_set_aside")
            return 0
        targets = [(file, self._course.folder / self._course.targets[file]) for file in earlier]
        names = [file.name for file in self._course.delivery.files]
        return self._engine.ask("set_aside", **self._known, files=names, earlier=targets)[0][0]

    def _bring_wanted(self) -> int:
        """Read the records that are wanted, with all that is known of them; gives how many."""
        wanted = self._engine.numbers("wanted")
        if not len(wanted):
            return 0
        taken = None
        if self._arrival.plain and self._arrival.records:
            taken = replace(self._arrival.plain, path=self._room / "wanted.csv", is_extract=True)
            self._arrival.records.copy(wanted, taken.path)
        with blamed(self._file, self._contract):
            ((arrived,),) = self._engine.ask(
                "arrived",
                **self._known,
                control=no_text_holds(self._contract),
                taken=taken,
                few=(wanted - 1).tolist() if len(wanted) <= FEW else [],
            )
        if arrived != len(wanted):
            raise unreadable(self._file, self._contract)
        return len(wanted)

    def _write(self, left_out: int) -> int:
        """Write the rows that are good; gives how many. Lines hold only if the same records were rejected."""
        arrival = self._arrival
        with blamed(self._file, self._contract):
            ((loaded,),) = self._engine.ask(
                "write_accepted",
                **self._known,
                control=no_text_holds(self._contract) if arrival.control_records is None else "",
                target=self._target,
                has_rejected=bool(arrival.rejected),
                has_left_out=bool(left_out),
            )
        if arrival.plain and arrival.records:
            ((rejected,),) = self._engine.ask("rejected_again")
            if rejected != arrival.rejected - len(arrival.records.moved):
                raise unreadable(self._file, self._contract)
        return loaded

    def _put_in_books(self, lacking: int) -> tuple[int, int]:
        """Book every row that was not written; gives how many are quarantined, and how many repeats."""
        if self._arrival.rejected:
            self._engine.ask("quarantine_rejected", **self._known)
        if self._arrival.header.extras:
            self._engine.ask("keep_extra_columns", **self._known)
        if not lacking:
            return self._arrival.rejected, 0
        refused, contradicting, repeated = self._engine.ask("sorted_out")[0]
        if refused + contradicting + repeated != lacking:
            raise unreadable(self._file, self._contract)
        if refused:
            self._engine.ask("quarantine_refused", **self._known, control=no_text_holds(self._contract))
        if contradicting + repeated:
            self._engine.ask("quarantine_used_keys", **self._known)
        return self._arrival.rejected + refused + contradicting, repeated
