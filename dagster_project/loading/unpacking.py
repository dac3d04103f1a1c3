"""A CSV file made ready for DuckDB: out of its gzip and in an encoding that it reads quickly."""

from __future__ import annotations

import codecs
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np

from dagster_project.contracts import FileLayout
from dagster_project.deliveries import DeliveryRefused
from dagster_project.loading.structure import Bytes, Structure, look_at

BLOCK: Final = 1 << 22
GZIP: Final = 31
UNDEFINED_FROM: Final = 0xF700
"""A byte that Windows-1252 leaves undefined is added to this private character; no good row has one."""


@dataclass(frozen=True)
class Unpacked:
    """A file on disk that holds nothing but CSV, with what its bytes show; if recoded, a copy of them."""

    path: Path
    encoding: str
    structure: Structure
    recoded_from: Path | None = None


def _undefined(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return "".join(chr(UNDEFINED_FROM + byte) for byte in bad), error.end


codecs.register_error("throughline_undefined", _undefined)


def recode(text: bytes) -> bytes:
    """Windows-1252 as UTF-8."""
    return text.decode("cp1252", errors="throughline_undefined").encode()


def unpack(path: Path, layout: FileLayout, scratch: Path) -> Unpacked:
    """The file itself where it can be read as it is, else a plain copy of it in the scratch folder."""
    name = path.name
    if not path.stat().st_size:
        raise DeliveryRefused(f"{name} is empty: it has not even a header")
    if layout.compression == "gzip":
        path = _without_gzip(path, scratch / f"{name}.plain")
    if not path.stat().st_size:
        raise DeliveryRefused(f"{name} is empty: it has not even a header")
    data = _bytes_of(path)
    structure = look_at(data, ord(layout.separator), ord(layout.quote))
    if layout.encoding == "windows-1252":
        return _without_windows(path, data, structure, scratch / f"{name}.utf-8")
    structure.is_regular = structure.is_regular and _is_utf8(data)
    return Unpacked(path, "utf-8", structure)


def _is_utf8(data: Bytes) -> bool:
    """Whether every byte can be read: DuckDB does not say so of cells that it skips."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), BLOCK):
            decoder.decode(data[start : start + BLOCK].tobytes())
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _bytes_of(path: Path) -> Bytes:
    return np.memmap(path, dtype=np.uint8, mode="r")


def _without_gzip(path: Path, target: Path) -> Path:
    """Read to the very end: a stream that is cut off must not pass for a shorter file."""
    try:
        with path.open("rb") as packed, target.open("wb") as plain:
            for block in _members(packed, path.name):
                plain.write(block)
    except zlib.error:
        raise DeliveryRefused(f"{path.name} is not whole gzip; send it again") from None
    return target


def _members(packed: BinaryIO, name: str) -> Iterator[bytes]:
    """What one gzip member after the other holds."""
    member, begun = zlib.decompressobj(GZIP), False
    rest = b""
    while block := rest or packed.read(BLOCK):
        rest = b""
        if member.eof:
            member, begun = zlib.decompressobj(GZIP), False
            block = block.lstrip(b"\0") if not begun else block
            if not block:
                continue
        begun = True
        yield member.decompress(block)
        rest = member.unused_data
    if not member.eof:
        raise DeliveryRefused(f"{name} is cut off: its gzip stream has no end; send it again")


def _without_windows(path: Path, data: Bytes, structure: Structure, target: Path) -> Unpacked:
    """DuckDB reads Latin-1 quickly but not the 32 characters in which Windows-1252 differs from it."""
    highest, differs = 0, False
    for start in range(0, len(data), BLOCK):
        part = data[start : start + BLOCK]
        highest = max(highest, int(part.max()))
        differs = differs or bool(((part >= 0x80) & (part < 0xA0)).any())
    if not differs:
        return Unpacked(path, "latin-1" if highest >= 0x80 else "utf-8", structure)
    with path.open("rb") as source, target.open("wb") as plain:
        while block := source.read(BLOCK):
            plain.write(recode(block))
    return Unpacked(target, "utf-8", structure, recoded_from=path)
