"""One file of a delivery, looked at before a row is written: its records, what is none, and its keys."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from dagster_project.contracts import Contract
from dagster_project.deliveries import Delivery, DeliveryRefused, ExtractFile
from dagster_project.loading import parquet_file
from dagster_project.loading.engine import Engine, is_fatal, is_ours
from dagster_project.loading.header import Header, first_record, matched
from dagster_project.loading.records import Plain, Records
from dagster_project.loading.straightening import Straight, straighten
from dagster_project.loading.unpacking import Unpacked, recode, unpack
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
    """A file that was looked at: DuckDB has its keys as `looked`, what is no record as `rejected`."""

    header: Header
    rows: int = 0
    rejected: int = 0
    plain: Plain | None = None
    records: Records | None = None
    control_records: Sequence[int] | None = None
    """Records whose bytes show control characters; None where only DuckDB can tell."""


@contextmanager
def blamed(file: ExtractFile, contract: Contract) -> Generator[None]:
    """What DuckDB cannot read is refused; that it is in no state to is not the file's fault."""
    try:
        yield
    except Failure as error:
        if is_ours(error) or is_fatal(error):
            raise
        raise unreadable(file, contract) from None


def unreadable(file: ExtractFile, contract: Contract) -> DeliveryRefused:
    """That a file is not what its contract says, in one sentence."""
    if contract.file.format == "parquet":
        return DeliveryRefused(f"{file.name} is not whole Parquet; send it again")
    return DeliveryRefused(f"{file.name} cannot be read as CSV in the form of its contract; send it again")


def look(engine: Engine, contract: Contract, delivery: Delivery, file: ExtractFile, room: Path) -> Arrival:
    """Go over one file; its rows and rejected lines are what the manifest counts, or it is refused."""
    engine.ask("no_rejected")
    looking = _Looking(engine, contract, delivery, file)
    arrival = looking.parquet() if contract.file.format == "parquet" else looking.csv(room)
    rows, rejected = engine.ask("counted")[0]
    if rows + rejected != file.rows:
        raise DeliveryRefused(
            f"the manifest says {file.name} has {file.rows:,} rows, it has {rows + rejected:,}; send it again"
        )
    return replace(arrival, rows=rows, rejected=rejected)


@dataclass(frozen=True)
class _Looking:
    """One file, about to be looked at."""

    engine: Engine
    contract: Contract
    delivery: Delivery
    file: ExtractFile

    def parquet(self) -> Arrival:
        """The keys of a Parquet file."""
        path = self.delivery.folder / self.file.name
        header = parquet_file.header(self.engine, self.contract, path)
        with blamed(self.file, self.contract):
            self._ask("look_parquet", header, path=path)
        return Arrival(header)

    def csv(self, room: Path) -> Arrival:
        """The keys of a CSV file, quickly where it is regular; else it is made regular first."""
        layout = self.contract.file
        unpacked = unpack(self.delivery.folder / self.file.name, layout, room)
        path, encoding, structure = unpacked.path, unpacked.encoding, unpacked.structure
        first = first_record(path, self.contract, encoding, self.file.name)
        header = matched(first, self.contract, self.file.name)
        if structure.is_regular and self._is_read(unpacked, header):
            origin = unpacked.recoded_from
            records = Records(origin or path, layout, structure, recode if origin else None)
            control = None if origin else structure.control_records
            return Arrival(header, 0, 0, Plain(path, layout, encoding), records, control)
        straight = straighten(path, layout, header.names, encoding, room / f"{self.file.name}.straight")
        if straight is None or not self._is_straight(straight, encoding, header):
            raise unreadable(self.file, self.contract)
        records = Records(
            straight.path, layout, straight.structure, moved=[one[0] for one in straight.rejected]
        )
        return Arrival(header, 0, 0, Plain(straight.path, layout, encoding), records)

    def _is_straight(self, straight: Straight, encoding: str, header: Header) -> bool:
        """Whether every sound record was read; the others join them as rejected lines."""
        sound = Unpacked(straight.path, encoding, straight.structure)
        if not self._is_read(sound, header) or self.engine.ask("counted")[0][1]:
            return False
        for start in range(0, len(straight.rejected), ROWS_AT_ONCE):
            some = straight.rejected[start : start + ROWS_AT_ONCE]
            self.engine.give("add_rejected", list(zip(*some, strict=True)))
        return True

    def _is_read(self, unpacked: Unpacked, header: Header) -> bool:
        """Whether DuckDB's reader and the bytes agree, if need be once it has looked at every cell."""
        return self._agrees(unpacked, header, False) or self._agrees(unpacked, header, True)

    def _agrees(self, unpacked: Unpacked, header: Header, is_whole: bool) -> bool:
        """The reader takes a cell too many for good if it is empty, or stands where it does not look."""
        structure, layout = unpacked.structure, self.contract.file
        plain = Plain(unpacked.path, layout, unpacked.encoding)
        try:
            self._ask("look_csv", header, file=plain, is_whole=is_whole)
        except Failure as error:
            if is_ours(error) or is_fatal(error):
                raise
            return False
        self.engine.ask("rejected_by_reader", blank_lines=structure.blank_lines, header=header.names)
        quote = rf"\x{{{ord(layout.quote):x}}}"
        seen = self.engine.ask("reader_seen", separator=layout.separator, quote=quote)[0]
        rows, rejected, rejected_separators, is_ragged_at_most = seen
        separators = (rows + 1) * (len(header.names) - 1) + rejected_separators
        is_agreed = rows + rejected == structure.records and separators == structure.separators
        return is_agreed and is_ragged_at_most

    def _ask(self, template: str, header: Header, **values: Any) -> None:
        self.engine.ask(
            template,
            **values,
            contract=self.contract,
            header=header.names,
            raws=header.places,
            key=self.contract.key or self.contract.column_names,
        )
