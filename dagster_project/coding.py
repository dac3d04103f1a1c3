"""Codes a table of texts: any file with `id` and `text`, row by row, in bounded memory."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

import polars as pl

from ml.text.changes import COLUMNS, changes
from ml.text.coder import Coder
from ml.text.lists import read_lists
from ml.text.mistakes import TextError
from ml.text.passing import readable, why_passed_over
from ml.text.reader import read_reader, read_vectors

AT_ONCE: Final = 500  # texts
FIELD_LIMIT: Final = 1 << 30  # bytes; a longer field is no text

Tell = Callable[[str, int, int], None]


@dataclass
class Summary:
    """What became of the texts."""

    texts: int = 0
    codes: int = 0
    passed_over: Counter[str] = field(default_factory=Counter[str])


def product_coder() -> Coder:
    """The coder with the lists and the reader of this version of the product."""
    lists = read_lists()
    lists.alphabet.know(read_vectors().words)
    return Coder(lists, read_reader(lists))


def texts_of(path: Path) -> Iterator[tuple[str, str | None]]:
    """Id and text of each row; bytes that are no UTF-8 are read as Windows-1252."""
    csv.field_size_limit(FIELD_LIMIT)
    with path.open("rb") as file:
        rows = csv.reader(line.replace(b"\0", b" ").decode("latin-1") for line in file)
        header = [_text(name).strip().lstrip("\ufeff").lower() for name in next(rows, list[str]())]
        if missing := [name for name in ("id", "text") if name not in header]:
            raise TextError(f"{path} has no column {missing[0]!r}; its first line must name id and text")
        id_at, text_at = header.index("id"), header.index("text")
        for row in rows:
            if row:
                yield _at(row, id_at) or "", _at(row, text_at)


def _at(row: list[str], place: int) -> str | None:
    return _text(row[place]) if place < len(row) else None


def _text(field: str) -> str:
    """A field's bytes, which stand in it one for one, as text."""
    told = field.encode("latin-1")
    try:
        return told.decode("utf-8")
    except UnicodeDecodeError:
        return told.decode("cp1252", errors="replace")


def code_file(source: Path, target: Path, tell: Tell) -> Summary:
    """Code every text of a file into another; what is passed over is counted by its reason."""
    coder, summary, rows = product_coder(), Summary(), texts_of(source)
    chunk = list(islice(rows, AT_ONCE))  # a file that cannot be read is refused before anything is written
    aside = target.with_name(target.name + ".part")
    with aside.open("w", encoding="utf-8", newline="") as out:
        written = csv.writer(out)
        written.writerow(COLUMNS)
        while chunk:
            written.writerows(_coded(coder, chunk, summary))
            tell("coding texts", summary.texts, 0)
            chunk = list(islice(rows, AT_ONCE))
    aside.replace(target)
    return summary


def _coded(
    coder: Coder, chunk: list[tuple[str, str | None]], summary: Summary
) -> Iterator[tuple[str, str, int, int, str, str, str]]:
    summary.texts += len(chunk)
    chosen: list[tuple[str, str]] = []
    for name, text in chunk:
        why = why_passed_over(text, coder.words)
        if why is None and text is not None:
            chosen.append((name, readable(text)))
        else:
            summary.passed_over[why or "empty"] += 1
    for (name, _), codes in zip(chosen, coder.code_many([text for _, text in chosen]), strict=True):
        summary.codes += len(codes)
        yield from ((name, c.code, c.start, c.end, c.polarity, c.actor, c.rule) for c in codes)


def compare_files(old: Path, new: Path) -> pl.DataFrame:
    """Which texts changed code between two codings, and why."""
    return changes(_coding(old), _coding(new))


def _coding(path: Path) -> pl.DataFrame:
    try:
        return pl.read_csv(path, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise TextError(f"{path} cannot be read as what `code-text` wrote: {error}") from error
