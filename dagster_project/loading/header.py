"""The first line of a file: which cell of a record belongs to which column of the contract."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dagster_project.contracts import Contract
from dagster_project.deliveries import DeliveryRefused


@dataclass(frozen=True)
class Header:
    """The columns of a file in its own order, and those that the contract does not know."""

    names: tuple[str, ...]
    extras: tuple[str, ...]

    @property
    def places(self) -> dict[str, str]:
        """What each column is called while its cells are still raw."""
        return {name: f"_{position}" for position, name in enumerate(self.names)}


def matched(names: Sequence[str], contract: Contract, file: str) -> Header:
    """The header, once it is sure that every column of the contract stands in it exactly once."""
    if missing := [name for name in contract.column_names if name not in names]:
        lacks = ", ".join(missing[:3]) + (f" and {len(missing) - 3} more" if len(missing) > 3 else "")
        raise DeliveryRefused(
            f"{file} has no column {lacks}, which the contract of {contract.source} asks for"
        )
    nameless = [place for place, name in enumerate(names, 1) if not name.strip() or not name.isprintable()]
    if nameless:
        raise DeliveryRefused(f"column {nameless[0]} in the header of {file} has no name that can be printed")
    if twice := sorted({name for name in names if list(names).count(name) > 1}):
        raise DeliveryRefused(f"the header of {file} names the column {twice[0]} twice")
    return Header(tuple(names), tuple(name for name in names if name not in contract.column_names))


def first_record(path: Path, contract: Contract, encoding: str, file: str) -> list[str]:
    """The cells of the first line, past a byte-order mark."""
    layout = contract.file
    plain = "utf-8-sig" if encoding == "utf-8" else "latin-1"
    try:
        with path.open(encoding=plain, errors="surrogateescape", newline="") as stream:
            lines = csv.reader(stream, delimiter=layout.separator, quotechar=layout.quote, strict=True)
            names = next(lines, list[str]())
    except csv.Error:
        names = ["\0"]
    if not all(name.isprintable() for name in names):
        raise DeliveryRefused(
            f"the header of {file} cannot be read as {layout.encoding} CSV; "
            "it should name the columns of the contract"
        )
    return names
