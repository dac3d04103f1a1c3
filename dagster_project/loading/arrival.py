"""One file of a delivery in DuckDB: its rows as `arrived`, lines without the right cells as `rejected`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from dagster_project.contracts import Contract
from dagster_project.deliveries import Delivery, DeliveryRefused, ExtractFile
from dagster_project.loading import parquet_file
from dagster_project.loading.engine import Engine, is_fatal, is_ours
from dagster_project.loading.header import Header, first_record, matched
from dagster_project.loading.straightening import Straight, straighten
from dagster_project.loading.unpacking import Unpacked, unpack
from dagster_project.warehouse import Failure

CONTROL: Final = r"\x00-\x08\x0B\x0C\x0E-\x1F\x7F"
UNDEFINED: Final = r"\x{F781}\x{F78D}\x{F78F}\x{F790}\x{F79D}"
"""What stands for the bytes that Windows-1252 leaves undefined."""

ROWS_AT_ONCE: Final = 10_000


def no_text_holds(contract: Contract) -> str:
    """The characters that quarantine a row, as a pattern."""
    return f"[{CONTROL}{UNDEFINED if contract.file.encoding == 'windows-1252' else ''}]"


@dataclass(frozen=True)
class Arrival:
    """A file that is read: its columns, and the records whose bytes showed control characters."""

    header: Header
    control_records: Sequence[int] = ()


@dataclass(frozen=True)
class Ready:
    """A file before DuckDB sees it; a CSV file is unpacked."""

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
    engine.ask("no_rejected")
    reading = _Reading(engine, contract, delivery, ready.file)
    arrival = reading.csv(ready.unpacked, scratch) if ready.unpacked else reading.parquet()
    rows, rejected = engine.ask("counted")[0]
    if rows + rejected != ready.file.rows:
        raise DeliveryRefused(
            f"the manifest says {ready.file.name} has {ready.file.rows:,} rows, "
            f"it has {rows + rejected:,}; send it again"
        )
    return arrival


@dataclass(frozen=True)
class _Reading:
    """One file on its way into DuckDB."""

    engine: Engine
    contract: Contract
    delivery: Delivery
    file: ExtractFile

    def parquet(self) -> Arrival:
        """The rows of a Parquet file."""
        path = self.delivery.folder / self.file.name
        header = parquet_file.header(self.engine, self.contract, path)
        if not self._ask("read_parquet", header, path=path, control=no_text_holds(self.contract)):
            raise DeliveryRefused(f"{self.file.name} is not whole Parquet; send it again")
        return Arrival(header)

    def csv(self, unpacked: Unpacked, scratch: Path) -> Arrival:
        """The rows of a CSV file, quickly where it is regular; else it is made regular first."""
        path, layout = unpacked.path, self.contract.file
        header = matched(
            first_record(path, self.contract, unpacked.encoding, self.file.name),
            self.contract,
            self.file.name,
        )
        judged_by_bytes = unpacked.structure.is_regular and not unpacked.is_recoded
        control = "" if judged_by_bytes else no_text_holds(self.contract)
        if unpacked.structure.is_regular and self._read_regular(unpacked, header, control):
            return Arrival(header, unpacked.structure.control_records if judged_by_bytes else ())
        straight = straighten(
            path, layout, header.names, unpacked.encoding, scratch / f"{self.file.name}.straight"
        )
        if straight is None or not self._read_straight(straight, unpacked.encoding, header):
            raise DeliveryRefused(
                f"{self.file.name} cannot be read as CSV in the form of its contract; send it again"
            )
        return Arrival(header)

    def _read_straight(self, straight: Straight, encoding: str, header: Header) -> bool:
        """Whether every sound record arrived; the others join them as rejected lines."""
        sound = Unpacked(straight.path, encoding, straight.structure)
        if (
            not self._read_regular(sound, header, no_text_holds(self.contract))
            or self.engine.ask("counted")[0][1]
        ):
            return False
        for start in range(0, len(straight.rejected), ROWS_AT_ONCE):
            some = straight.rejected[start : start + ROWS_AT_ONCE]
            self.engine.give("add_rejected", list(zip(*some, strict=True)))
        return True

    def _read_regular(self, unpacked: Unpacked, header: Header, control: str) -> bool:
        """Whether DuckDB's reader and the bytes agree: it takes a cell too many for good if it is empty."""
        encoding = unpacked.encoding
        if not self._ask(
            "read_csv",
            header,
            path=unpacked.path,
            encoding=encoding,
            control=control,
        ):
            return False
        structure, layout = unpacked.structure, self.contract.file
        self.engine.ask("rejected_by_reader", blank_lines=structure.blank_lines, header=header.names)
        quote = rf"\x{{{ord(layout.quote):x}}}"
        seen = self.engine.ask("reader_seen", separator=layout.separator, quote=quote)[0]
        rows, rejected, rejected_separators, is_ragged_at_most = seen
        separators = (rows + 1) * (len(header.names) - 1) + rejected_separators
        is_whole = rows + rejected == structure.records and separators == structure.separators
        return is_whole and is_ragged_at_most

    def _ask(self, template: str, header: Header, **values: Any) -> bool:
        """Whether DuckDB could read the file at all; that it is in no state to is not the file's fault."""
        try:
            self.engine.ask(
                template,
                **values,
                contract=self.contract,
                header=header.names,
                extras=header.extras,
                raws=header.places,
                received_at=self.delivery.received_at,
                key=self.contract.key or self.contract.column_names,
            )
        except Failure as error:
            if is_ours(error):
                raise
            if is_fatal(error):
                raise DeliveryRefused(f"{self.file.name} cannot be read; send it again") from None
            return False
        return True
