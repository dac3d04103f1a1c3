"""Codes texts in bounded memory and, where there are many, in two processes."""
# pyright: reportMissingTypeStubs=false
# threadpoolctl tells its types, and has no stubs.

from __future__ import annotations

import csv
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import polars as pl
from threadpoolctl import threadpool_limits

from ml.text.changes import COLUMNS, changes
from ml.text.coder import Coder
from ml.text.lists import read_lists, version_of
from ml.text.mistakes import TextError
from ml.text.passing import readable, why_passed_over
from ml.text.reader import read_reader, reader_version

AT_ONCE: Final = 2_000  # texts
WORKERS: Final = 2
ALONE: Final = 2  # chunks that are coded sooner here than another process is ready
FIELD_LIMIT: Final = 1 << 30  # bytes; a longer field is no text

Tell = Callable[[str, int, int], None]
Chunk = list[tuple[str, str | None]]
ROWS: Final[dict[str, pl.DataType | type[pl.DataType]]] = dict(
    zip(COLUMNS, (pl.String, pl.String, pl.Int64, pl.Int64, *[pl.String] * 3), strict=True)
)
PASSED: Final = {"id": pl.String, "passed_over": pl.String}


@dataclass(frozen=True)
class Codings:
    """What became of some texts: a row for each code, and for each that was passed over why."""

    texts: int
    rows: pl.DataFrame
    passed_over: pl.DataFrame


@dataclass
class Summary:
    """What became of all texts."""

    texts: int = 0
    codes: int = 0
    passed_over: Counter[str] = field(default_factory=Counter[str])

    def add(self, one: Codings) -> None:
        """Count some more."""
        self.texts += one.texts
        self.codes += one.rows.height
        self.passed_over.update(one.passed_over["passed_over"])


@cache
def product_coder() -> Coder:
    """The coder with the lists and the reader of this version of the product."""
    lists = read_lists()
    return Coder(lists, read_reader(lists))


def coder_version() -> str:
    """The lists and the reader by which this version of the product codes."""
    return f"{version_of()}-{reader_version()}"


def code_chunk(chunk: Chunk) -> Codings:
    """Code some texts, or say why not."""
    coder = product_coder()
    reasons = [why_passed_over(text, coder.words) for _, text in chunk]
    chosen = [
        (name, readable(text or "")) for (name, text), why in zip(chunk, reasons, strict=True) if not why
    ]
    with threadpool_limits(1):
        coded = coder.code_many([text for _, text in chosen])
    rows = [
        (name, c.code, c.start, c.end, c.polarity, c.actor, c.rule)
        for (name, _), codes in zip(chosen, coded, strict=True)
        for c in codes
    ]
    passed = [(name, why) for (name, _), why in zip(chunk, reasons, strict=True) if why]
    return Codings(
        len(chunk),
        pl.DataFrame(rows, ROWS, orient="row"),
        pl.DataFrame(passed, PASSED, orient="row"),
    )


def code_chunks(chunks: Iterable[Chunk]) -> Iterator[Codings]:
    """Code them in their order, a few at a time; many of them in processes of their own."""
    waiting = iter(chunks)
    first = list(islice(waiting, ALONE + 1))
    if len(first) <= ALONE:
        yield from map(code_chunk, first)
        return
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as workers:
        at_work: deque[Future[Codings]] = deque()
        for chunk in chain(first, waiting):
            at_work.append(workers.submit(code_chunk, chunk))
            if len(at_work) > 2 * WORKERS:
                yield at_work.popleft().result()
        while at_work:
            yield at_work.popleft().result()


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
    summary, texts = Summary(), texts_of(source)
    first = list(islice(texts, AT_ONCE))  # a file that cannot be read is refused before anything is written
    chunks = chain([first], iter(lambda: list(islice(texts, AT_ONCE)), []))
    aside = target.with_name(target.name + ".part")
    with aside.open("wb") as out:
        out.write(f"{','.join(COLUMNS)}\n".encode())
        for codings in code_chunks(chunks):
            summary.add(codings)
            codings.rows.write_csv(out, include_header=False)
            tell("coding texts", summary.texts, 0)
    aside.replace(target)
    return summary


def compare_files(old: Path, new: Path) -> pl.DataFrame:
    """Which texts changed code between two codings, and why."""
    return changes(_coding(old), _coding(new))


def _coding(path: Path) -> pl.DataFrame:
    try:
        return pl.read_csv(path, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise TextError(f"{path} cannot be read as what `code-text` wrote: {error}") from error
