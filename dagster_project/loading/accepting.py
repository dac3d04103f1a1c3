"""One delivery into its folder: accepted rows file by file, and beside them what was not accepted and why."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from dagster_project.contracts import Contract
from dagster_project.deliveries import Delivery, DeliveryRefused
from dagster_project.loading.arrival import Arrival, Ready, make_ready, no_text_holds, read
from dagster_project.loading.engine import Engine, Engines, is_fatal, is_ours
from dagster_project.warehouse import Failure

BOOKS: Final = ("quarantine", "repeats", "extra_columns")
_ENDINGS: Final = (".gz", ".csv", ".txt", ".parquet")


@dataclass(frozen=True)
class FileCount:
    """What became of the rows of one file; received is always the sum of the other three."""

    name: str
    rows_received: int
    rows_loaded: int
    rows_quarantined: int
    rows_repeated: int


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
    """Read the files in order of name and write what is good into a folder that nobody sees yet."""
    engine = engines.both[0]
    engine.ask("books")
    targets = parquet_names([file.name for file in delivery.files])
    counts: list[FileCount] = []
    warnings: list[str] = []
    for number, (ready, arrival) in enumerate(_each_arrival(engines, contract, delivery, scratch)):
        one = _OneFile(engines.both[number % 2], contract, delivery, folder, targets, number, arrival)
        try:
            counts.append(one.accept())
        except Failure as error:
            if is_ours(error) or not is_fatal(error):
                raise
            raise DeliveryRefused(
                f"{ready.file.name} or the file after it cannot be read; send them again"
            ) from None
        if arrival.header.extras:
            names = ", ".join(arrival.header.extras)
            warnings.append(
                f"{ready.file.name} has columns that the contract does not know, kept aside: {names}"
            )
        told(ready.file.rows)
    for book in BOOKS:
        if engine.ask("count_book", book=book)[0][0]:
            engine.ask("write_book", book=book, target=folder / f"{book}.parquet")
    return Accepted(tuple(counts), targets, tuple(warnings))


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


def _each_arrival(
    engines: Engines, contract: Contract, delivery: Delivery, scratch: Path
) -> Iterator[tuple[Ready, Arrival]]:
    """The files in order: while one is written, the next is read, and the one after it unpacked."""
    files = delivery.files
    unpacked: dict[int, Future[Ready]] = {}
    arrived: dict[int, Future[tuple[Ready, Arrival]]] = {}
    with (
        TemporaryDirectory(dir=scratch) as rooms,
        ThreadPoolExecutor(1) as unpacking,
        ThreadPoolExecutor(1) as reading,
    ):

        def unpack(number: int) -> None:
            room = Path(rooms, str(number))
            room.mkdir()
            unpacked[number] = unpacking.submit(make_ready, delivery, files[number], contract, room)

        def arrive(number: int) -> tuple[Ready, Arrival]:
            ready = unpacked.pop(number).result()
            return ready, read(engines.both[number % 2], contract, delivery, ready, Path(rooms, str(number)))

        for number in range(min(2, len(files))):
            unpack(number)
        arrived[0] = reading.submit(arrive, 0)
        for number in range(len(files)):
            if number + 1 < len(files):
                arrived[number + 1] = reading.submit(arrive, number + 1)
            if number + 2 < len(files):
                unpack(number + 2)
            yield arrived.pop(number).result()
            shutil.rmtree(Path(rooms, str(number)))


class _OneFile:
    """A file that has arrived in DuckDB, on its way to Parquet."""

    def __init__(
        self,
        engine: Engine,
        contract: Contract,
        delivery: Delivery,
        folder: Path,
        targets: tuple[str, ...],
        number: int,
        arrival: Arrival,
    ) -> None:
        self._engine, self._contract, self._delivery = engine, contract, delivery
        self._folder, self._targets, self._number = folder, targets, number
        self._file = delivery.files[number]
        self._control_records, self._rejected = arrival.control_records, engine.ask("counted")[0][1]
        self._several = len(delivery.files) > 1
        self._key = contract.key or contract.column_names
        self._known: dict[str, Any] = {
            "contract": contract,
            "key": self._key,
            "source": delivery.source,
            "delivery_id": delivery.delivery_id,
            "received_at": delivery.received_at,
            "kind": delivery.kind,
            "source_file": self._file.name,
            "path": delivery.folder / self._file.name,
            "file": number,
            "header": arrival.header.names,
            "extras": arrival.header.extras,
            "raws": arrival.header.places,
            "control": no_text_holds(contract),
        }

    def accept(self) -> FileCount:
        """Sort the rows into loaded, quarantined and repeated, and count each."""
        if self._control_records:
            self._engine.ask("refuse_control", **self._known, records=list(self._control_records))
        if self._rejected:
            self._engine.ask("shifted", **self._known)
        has_set_aside = self._set_aside()
        rejected, refused, contradicting, repeated = self._engine.ask(
            "sorted_out", has_set_aside=has_set_aside
        )[0]
        if rejected:
            self._engine.ask("quarantine_rejected", **self._known)
        if refused:
            self._engine.ask("quarantine_refused", **self._known)
        if has_set_aside:
            self._engine.ask("quarantine_used_keys", **self._known)
        if self._known["extras"]:
            self._engine.ask("keep_extra_columns", **self._known)
        loaded = self._engine.ask(
            "write_accepted",
            **self._known,
            target=self._folder / self._targets[self._number],
            has_rejected=bool(rejected),
            has_set_aside=has_set_aside,
        )[0][0]
        return FileCount(
            self._file.name, self._file.rows, loaded, rejected + refused + contradicting, repeated
        )

    def _set_aside(self) -> bool:
        """Find the rows whose key was used before, in this file or an earlier one of the delivery."""
        hashes, files = self._engine.ask("suspects", **self._known, earlier=self._number > 0)[0]
        if hashes:
            self._engine.ask(
                "set_aside",
                **self._known,
                files=[file.name for file in self._delivery.files],
                earlier=[(file, self._folder / self._targets[file]) for file in sorted(files or [])],
            )
        if self._several:
            self._engine.ask("remember", **self._known, has_set_aside=bool(hashes))
        return bool(hashes)
