"""The prose of the warehouse, coded: each text once, and again when the lists or the reader change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from dagster_project.coding import AT_ONCE, Chunk, Codings, code_chunks, coder_version
from dagster_project.resolving import asked, statement
from ml.text.lists import read_lists

NAMED: Final = {"id": "text_id", "start": "span_start", "end": "span_end"}

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Coded:
    """What a run coded, and what stands coded after it."""

    new_texts: int
    texts: int
    codes: int
    passed_over: int
    version: str

    def told(self) -> dict[str, int | str]:
        """In the words of a run's summary."""
        return {
            "texts": self.texts,
            "texts new in this run": self.new_texts,
            "codes": self.codes,
            "texts passed over": self.passed_over,
            "lists and reader": self.version,
        }


def code_prose(connection: Any, tell: Tell) -> Coded:
    """Code what no run has coded by these lists and this reader."""
    version = coder_version()
    connection.execute(statement("coded_tables"))
    connection.execute(statement("coded_forget", version=version))
    _keep(connection, "codes", _codes(), version)
    connection.execute(statement("texts_to_code"))
    waiting = connection.execute("select count(*) from texts_to_code").fetchone()[0]
    done = 0
    for codings in code_chunks(_chunks(connection, waiting)):
        done += codings.texts
        _keep_codings(connection, codings, version)
        tell("coding texts", done, waiting)
    connection.execute(statement("texts_are_coded", version=version))
    texts, codes, passed_over = map(int, asked(connection, "coded_counts").row(0))
    return Coded(waiting, texts, codes, passed_over, version)


def _chunks(connection: Any, waiting: int) -> Iterator[Chunk]:
    """A few at a time, in the order in which they wait."""
    for begin in range(0, waiting, AT_ONCE):
        told = connection.execute(statement("texts_of_chunk"), [begin, begin + AT_ONCE])
        yield [(str(name), text) for name, text in told.fetchall()]


def _codes() -> pl.DataFrame:
    """What the lists say of each code."""
    return pl.DataFrame(
        {
            "code": code.name,
            "title": code.title,
            "code_group": code.group,
            "told_of": code.by,
            "is_behaviour": code.published is not None,
            "is_pursuit": code.pursuit,
            "definition": code.definition,
        }
        for code in read_lists().codes
    )


def _keep_codings(connection: Any, codings: Codings, version: str) -> None:
    _keep(connection, "text_codes", codings.rows.rename(NAMED), version)
    _keep(connection, "passed_over", codings.passed_over.rename({"id": "text_id"}), version)


def _keep(connection: Any, table: str, rows: pl.DataFrame, version: str) -> None:
    kept = rows.with_columns(list_version=pl.lit(version))
    connection.register("found", kept.to_arrow())
    connection.execute(f"insert into coded.{table} by name select * from found")
    connection.unregister("found")
