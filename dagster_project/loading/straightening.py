"""A CSV file that is not regular: its sound records are copied byte for byte, the others set aside."""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from dagster_project.contracts import FileLayout
from dagster_project.loading.structure import Structure, look_at

LONGEST: Final = 1 << 24
"""Bytes of a record; DuckDB's reader is told the same."""

FEWER: Final = "the line has fewer cells than the header"
MORE: Final = "the line has more cells than the header"
BROKEN: Final = "the line is not CSV: a quote or a line end stands where none may"
NOT_UTF8: Final = "the line is not UTF-8"
TOO_LONG: Final = f"the line is longer than {LONGEST >> 20} MB"

Rejected = tuple[int, list[str], str, str]
"""The ordinal of a record, the columns at fault, why in words, and its text."""


@dataclass(frozen=True)
class Straight:
    """The sound records as a regular file under their header, and those that are not among them."""

    path: Path
    structure: Structure
    rejected: list[Rejected]


@dataclass(frozen=True)
class _Form:
    """What a record looks like, as patterns over bytes that never go back."""

    cells: int
    cell: re.Pattern[bytes]
    next_cell: re.Pattern[bytes]
    record: re.Pattern[bytes]
    line: re.Pattern[bytes]
    line_ends: re.Pattern[bytes]


def straighten(
    path: Path, layout: FileLayout, names: Sequence[str], encoding: str, target: Path
) -> Straight | None:
    """Go over the file record by record; a broken one costs its own line. None if it is the header."""
    rejected: list[Rejected] = []
    with (
        path.open("rb") as stream,
        mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data,
        target.open("wb") as kept,
    ):
        form = _form(layout, len(names), b"\n" if data.find(b"\n") >= 0 else b"\r")
        for ordinal, (record, misshapen, cells) in enumerate(_records(data, form)):
            wrong = misshapen or _unreadable(record, encoding)
            if not wrong:
                kept.write(record + b"\n")
            elif ordinal == 0:
                return None
            else:
                lacks = [names[cells]] if wrong == FEWER else []
                rejected.append((ordinal, lacks, wrong, record.decode(encoding, "backslashreplace")))
    copy = np.memmap(target, dtype=np.uint8, mode="r")
    return Straight(target, look_at(copy, ord(layout.separator), ord(layout.quote)), rejected)


def _form(layout: FileLayout, cells: int, end: bytes) -> _Form:
    separator, quote = (re.escape(sign.encode()) for sign in (layout.separator, layout.quote))
    cell = rb"(?>%b(?:[^%b]++|%b%b)*+%b|[^%b%b\r\n]*+)" % (*[quote] * 6, separator)
    line_end = rb"\r?\n" if end == b"\n" else rb"\r"
    stop = rb"(?=%b|\Z)" % line_end
    return _Form(
        cells=cells,
        cell=re.compile(cell),
        next_cell=re.compile(rb"%b%b" % (separator, cell)),
        record=re.compile(rb"%b(?>%b%b)*+%b" % (cell, separator, cell, stop)),
        line=re.compile(rb"[^%b]++" % end),
        line_ends=re.compile(rb"(?:%b)*+" % line_end),
    )


def _records(data: mmap.mmap, form: _Form) -> Iterator[tuple[bytes, str, int]]:
    """Every record without its line end, what is wrong with its form, and how many cells it has."""
    place = 3 if data[:3] == b"\xef\xbb\xbf" else 0
    while (place := _after(form.line_ends, data, place)) < len(data):
        if end := _after(form.record, data, place):
            record, cells = data[place:end], _cells(form, data, place, end)
            yield record, FEWER if cells < form.cells else MORE if cells > form.cells else "", cells
        else:
            end = _after(form.line, data, place)
            yield data[place:end].removesuffix(b"\r"), BROKEN, 0
        place = end


def _after(pattern: re.Pattern[bytes], data: mmap.mmap, place: int) -> int:
    """Where the pattern ends that begins here; 0 if there is none."""
    found = pattern.match(data, place)
    return found.end() if found else 0


def _cells(form: _Form, data: mmap.mmap, place: int, end: int) -> int:
    """How many cells a sound record has."""
    return 1 + len(form.next_cell.findall(data, _after(form.cell, data, place), end))


def _unreadable(record: bytes, encoding: str) -> str:
    """Why a record of sound form cannot be read all the same."""
    if len(record) > LONGEST:
        return TOO_LONG
    try:
        record.decode(encoding)
    except UnicodeDecodeError:
        return NOT_UTF8
    return ""
