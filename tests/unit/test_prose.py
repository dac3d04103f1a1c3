"""The prose of a warehouse is coded once, again when the lists change, and alike however it is shared out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from dagster_project import prose
from dagster_project.coding import Chunk, code_chunk, code_chunks
from dagster_project.prose import code_prose

TEXTS = {
    "t1": "Sus has been ringing IP day and night.",
    "t2": "PC 1234 rang the victim. He has never hit her.",
    "t3": "   ",
    "t4": "Sus has been ringing IP day and night and threw a brick through her window.",
}


@pytest.fixture
def warehouse() -> Iterator[Any]:
    """Three records of which two say the same, and one that says nothing."""
    with duckdb.connect() as connection:
        connection.execute("create schema coded")
        connection.execute(
            "create table coded.cod_texts (source_id varchar, text_id varchar, prose_text varchar)"
        )
        rows = [("a", "t1"), ("b", "t1"), ("c", "t2"), ("d", "t3")]
        connection.executemany(
            "insert into coded.cod_texts values (?, ?, ?)",
            [(record, text, TEXTS[text]) for record, text in rows],
        )
        yield connection


def codes_of(warehouse: Any) -> list[tuple[str, str, str]]:
    query = "select text_id, code, polarity from coded.text_codes order by all"
    return [(str(a), str(b), str(c)) for a, b, c in warehouse.execute(query).fetchall()]


def silently(stage: str, done: int, expected: int) -> None:
    """Nobody looks."""


def test_equal_texts_are_coded_once_and_what_cannot_be_coded_is_told(warehouse: Any) -> None:
    coded = code_prose(warehouse, silently)
    assert (coded.texts, coded.new_texts, coded.passed_over) == (3, 3, 1)
    assert ("t1", "calls_or_texts", "affirmed") in codes_of(warehouse)
    assert ("t2", "physical_assault", "negated") in codes_of(warehouse)
    assert warehouse.execute("select * from coded.passed_over").fetchall() == [("t3", "empty", coded.version)]


def test_what_is_coded_is_not_coded_again_and_what_is_new_is(warehouse: Any) -> None:
    code_prose(warehouse, silently)
    before = codes_of(warehouse)
    assert code_prose(warehouse, silently).new_texts == 0
    assert codes_of(warehouse) == before
    warehouse.execute("insert into coded.cod_texts values ('e', 't4', ?)", [TEXTS["t4"]])
    assert code_prose(warehouse, silently).new_texts == 1
    assert ("t4", "property_damage", "affirmed") in set(codes_of(warehouse)) - set(before)


def test_another_version_of_the_lists_codes_everything_anew(
    warehouse: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = code_prose(warehouse, silently)
    monkeypatch.setattr(prose, "coder_version", lambda: "another")
    second = code_prose(warehouse, silently)
    assert (second.new_texts, second.codes) == (first.texts, first.codes)
    assert warehouse.execute("select distinct list_version from coded.text_codes").fetchall() == [
        ("another",)
    ]


def test_what_a_stopped_run_left_half_coded_is_coded_anew(
    warehouse: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = code_prose(warehouse, silently)
    before = codes_of(warehouse)
    warehouse.execute("delete from coded.texts where text_id = 't1'")
    assert code_prose(warehouse, silently).new_texts == 1
    assert (codes_of(warehouse), whole.texts) == (before, 3)


def test_texts_shared_out_to_processes_come_back_in_their_order_and_coded_alike() -> None:
    chunks: list[Chunk] = [[(f"{n}-{name}", text)] for n in range(2) for name, text in TEXTS.items()]
    alone = [code_chunk(chunk) for chunk in chunks]
    shared = list(code_chunks(chunks))
    assert [one.rows.rows() for one in shared] == [one.rows.rows() for one in alone]
    assert [one.passed_over.rows() for one in shared] == [one.passed_over.rows() for one in alone]
