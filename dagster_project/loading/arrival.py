"""One file of a delivery in DuckDB: its rows as `arrived`, lines without the right cells as `rejected`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dagster_project.contracts import Contract
from dagster_project.deliveries import Delivery, DeliveryRefused, ExtractFile
from dagster_project.loading import parquet_file
from dagster_project.loading.engine import Engine, Failure, is_fatal, is_ours
from dagster_project.loading.header import Header, first_record, matched
from dagster_project.loading.straightening import Straight, straighten
from dagster_project.loading.unpacking import Unpacked, unpack

CONTROL: Final = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x7F\x{F781}\x{F78D}\x{F78F}\x{F790}\x{F79D}]"
"""No text may hold these; the last five stand for bytes that Windows-1252 leaves undefined."""

ROWS_AT_ONCE: Final = 10_000


@dataclass(frozen=True)
class Arrival:
    """A file that is read: where DuckDB found it and what its columns are."""

    path: Path
    header: Header
    control_records: Sequence[int] = ()
    is_judged_at_once: bool = True

    @property
    def control_at_once(self) -> str:
        """What no free text may hold, where every row has to be asked; else the bytes showed which have to."""
        return CONTROL if self.is_judged_at_once else ""


@dataclass(frozen=True)
class Ready:
    """A CSV file before DuckDB sees it."""

    file: ExtractFile
    unpacked: Unpacked | None
    refused: DeliveryRefused | None = None


def make_ready(delivery: Delivery, file: ExtractFile, contract: Contract, scratch: Path) -> Ready:
    """What can be done in another thread while DuckDB reads the file before; a refusal waits for its turn."""
    if contract.file.format == "parquet":
        return Ready(file, None)
    try:
        return Ready(file, unpack(delivery.folder / file.name, contract.file, scratch))
    except DeliveryRefused as refused:
        return Ready(file, None, refused)


def read(engine: Engine, contract: Contract, delivery: Delivery, ready: Ready, scratch: Path) -> Arrival:
    """Bring one file into DuckDB; afterwards rows arrived and lines rejected are what the manifest counts."""
    if ready.refused:
        raise ready.refused
    file = ready.file
    engine.ask("no_rejected")
    if ready.unpacked is None:
        path = delivery.folder / file.name
        header = parquet_file.header(engine, contract, path)
        arrival = Arrival(path, header)
        _read_parquet(engine, contract, delivery, arrival)
    else:
        arrival = _read_csv(engine, contract, delivery, file, ready.unpacked, scratch)
    rows, rejected = engine.ask("counted")[0]
    if rows + rejected != file.rows:
        raise DeliveryRefused(
            f"the manifest says {file.name} has {file.rows:,} rows, it has {rows + rejected:,}; send it again"
        )
    return arrival


def _read_parquet(engine: Engine, contract: Contract, delivery: Delivery, arrival: Arrival) -> None:
    try:
        engine.ask(
            "read_parquet",
            path=arrival.path,
            contract=contract,
            header=arrival.header.names,
            extras=arrival.header.extras,
            raws=arrival.header.places,
            control=arrival.control_at_once,
            received_at=delivery.received_at,
            key=contract.key or contract.column_names,
        )
    except Failure as error:
        if is_ours(error):
            raise
        if is_fatal(error):
            engine.renew()
        raise DeliveryRefused(f"{arrival.path.name} is not whole Parquet; send it again") from None


def _read_csv(
    engine: Engine,
    contract: Contract,
    delivery: Delivery,
    file: ExtractFile,
    unpacked: Unpacked,
    scratch: Path,
) -> Arrival:
    """By the quick reader where the file is regular, else made regular first."""
    names = first_record(unpacked.path, contract, unpacked.encoding, file.name)
    header = matched(names, contract, file.name)
    arrival = Arrival(unpacked.path, header)
    if unpacked.structure.is_regular:
        quick = arrival
        if not unpacked.is_recoded:
            quick = Arrival(
                unpacked.path, header, unpacked.structure.control_records, is_judged_at_once=False
            )
        if _read_quickly(engine, contract, delivery, unpacked, quick):
            return quick
    straight = straighten(
        unpacked.path, contract.file, header.names, unpacked.encoding, scratch / f"{file.name}.straight"
    )
    if straight is None or not _read_straight(engine, contract, delivery, unpacked, straight, arrival):
        raise DeliveryRefused(f"{file.name} cannot be read as CSV in the form of its contract; send it again")
    return arrival


def _read_quickly(
    engine: Engine,
    contract: Contract,
    delivery: Delivery,
    unpacked: Unpacked,
    arrival: Arrival,
) -> bool:
    """Whether DuckDB's reader and the bytes agree on every line of the file."""
    if not _ask_csv(engine, contract, delivery, arrival, unpacked.path, unpacked.encoding):
        return False
    structure = unpacked.structure
    engine.ask("rejected_by_reader", blank_lines=structure.blank_lines, header=list(arrival.header.names))
    layout = contract.file
    seen = engine.ask("reader_seen", separator=layout.separator, quote=layout.quote)[0]
    rows, rejected, empty_ends, rejected_empty, rejected_quoted, is_ragged_at_most = seen
    empty = structure.empty_last_cells - rejected_empty
    if layout.null_text:
        empty += structure.quoted_empty_last_cells - rejected_quoted
    return rows + rejected == structure.records and empty_ends == empty and is_ragged_at_most


def _read_straight(
    engine: Engine,
    contract: Contract,
    delivery: Delivery,
    unpacked: Unpacked,
    straight: Straight,
    arrival: Arrival,
) -> bool:
    """Whether every record that was kept arrived; the others are quarantined as lines."""
    kept = Unpacked(straight.path, unpacked.encoding, straight.structure)
    if not _read_quickly(engine, contract, delivery, kept, arrival):
        return False
    if engine.ask("counted")[0][1]:
        return False
    for start in range(0, len(straight.rejected), ROWS_AT_ONCE):
        some = straight.rejected[start : start + ROWS_AT_ONCE]
        engine.give("add_rejected", list(zip(*some, strict=True)))
    return True


def _ask_csv(
    engine: Engine, contract: Contract, delivery: Delivery, arrival: Arrival, path: Path, encoding: str
) -> bool:
    try:
        engine.ask(
            "read_csv",
            path=path,
            contract=contract,
            header=arrival.header.names,
            extras=arrival.header.extras,
            raws=arrival.header.places,
            encoding=encoding,
            control=arrival.control_at_once,
            received_at=delivery.received_at,
            key=contract.key or contract.column_names,
        )
    except Failure as error:
        if is_ours(error):
            raise
        if is_fatal(error):
            engine.renew()
            raise DeliveryRefused(f"{path.name} cannot be read as CSV in the form of its contract") from None
        return False
    return True
