"""Any file of texts is coded or passed over with a reason: typed as it is typed, whatever its bytes."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dagster_project.cli import REFUSED, main
from dagster_project.coding import Summary, code_file, product_coder
from ml.text.changes import changes
from ml.text.coder import Coded, Coder
from ml.text.passing import LONGEST, readable, why_passed_over


def silent(stage: str, done: int, expected: int) -> None:
    """Nobody looks on."""


@pytest.fixture(scope="module")
def coder() -> Coder:
    return product_coder()


def said(coder: Coder, text: str) -> dict[str, set[str]]:
    """The codes of a text by how it means them."""
    found: dict[str, set[str]] = {}
    for coded in coder.code(text):
        found.setdefault(coded.polarity, set()).add(coded.code)
    return found


@pytest.mark.parametrize(
    "text",
    [
        "Sus punched IP to the face.",
        "SUS PUNCHED IP TO THE FACE",
        "sus punched ip to the face ip not happy wants logging",
        "S/P punchd IP to the fcae.",
        "susp pucnhed VIC 2 the face",
    ],
)
def test_it_is_coded_however_it_is_typed(coder: Coder, text: str) -> None:
    assert "physical_assault" in said(coder, text)["affirmed"]


def test_a_visit_in_shorthand_after_calls_is_coded(coder: Coder) -> None:
    assert "face_to_face" in said(coder, "Sus rang IP 40 times, then att H/A.")["affirmed"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Officer telephoned the informant to arrange an appointment.", "calls_or_texts"),
        ("IP texted sus back telling him to stop.", "calls_or_texts"),
        ("IP threatened to call police.", "threat_physical"),
        ("IP denies any threats.", "threat_physical"),
        ("No damage, no weapons seen and nobody was hurt.", "property_damage"),
        ("If he comes back IP will dial 999.", "face_to_face"),
        ("IP is worried that he may damage her car.", "property_damage"),
        ("Victim was assaulted by a previous partner in 2012.", "physical_assault"),
        ("As previously reported, suspect smashed her window last year.", "property_damage"),
        ("Has he ever hit you? No.", "physical_assault"),
        ("He has not written to her, rung her or gone to her door.", "calls_or_texts"),
    ],
)
def test_what_did_not_happen_is_not_said_to_have(coder: Coder, text: str, code: str) -> None:
    assert code not in said(coder, text).get("affirmed", set())


def test_the_evidence_is_a_stretch_of_the_text(coder: Coder) -> None:
    text = "21:45 sus sat outside IP home address in car. He told her \u201cI will kill you\u201d."
    spans = {coded.code: text[coded.start : coded.end] for coded in coder.code(text)}
    assert "sat outside" in spans["surveillance"]
    assert "kill" in spans["threat_physical"]


def test_a_text_codes_the_same_alone_and_among_others(coder: Coder) -> None:
    texts = ["Sus rang IP 40 times.", "", "He kicked her door in and slapped her.", "Lost dog, handed in."]
    assert coder.code_many(texts) == [coder.code(text) for text in texts]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_no_text_breaks_the_coder(text: str) -> None:
    coder = _shared()
    coded: list[Coded] = [] if why_passed_over(text, coder.words) else coder.code(readable(text))
    assert all(0 <= one.start < one.end <= len(text) for one in coded)
    assert len(coder.words.places(text)) == len(coder.words.symbols(text))


_CODER: list[Coder] = []


def _shared() -> Coder:
    if not _CODER:
        _CODER.append(product_coder())
    return _CODER[0]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (None, "empty"),
        ("", "empty"),
        (" \n\t ", "empty"),
        ("he rang me " * (LONGEST // 10), f"longer than {LONGEST:,} characters"),
        ("\ufffd\ufffd\ufffd\ufffd he", "no readable words"),
        ("0612 - 4471 ... ??", "no readable words"),
        ("El hombre la sigue todos los d\u00edas hasta su casa y le manda mensajes", "not in English"),
        ("Sus rang IP at 0300.", None),
    ],
)
def test_what_is_passed_over_has_a_reason(coder: Coder, text: str | None, why: str | None) -> None:
    assert why_passed_over(text, coder.words) == why


def test_control_characters_leave_every_place_where_it_was(coder: Coder) -> None:
    text = "Sus\x00 rang\x07 IP\x1b 40 times"
    assert len(readable(text)) == len(text)
    assert "calls_or_texts" in said(coder, readable(text))["affirmed"]


def test_a_file_of_every_kind_of_trouble(tmp_path: Path) -> None:
    source, target = tmp_path / "texts.csv", tmp_path / "codes.csv"
    rows = [
        b"text,id",
        b'"Sus rang IP 40 times, then turned up at her door and would not leave.",a',
        b",b",
        b'"Caf\xe9 owner: he punched me to the face\x00",windows',
        '"Café owner: he punched me to the face",utf8'.encode(),
        b'"' + b"x" * 1_000_000 + b'",long',
        b'"He slapped her\nand kicked her door in",lines',
        b"only one field",
    ]
    source.write_bytes(b"\xef\xbb\xbf" + b"\n".join(rows))
    summary = code_file(source, target, silent)
    assert summary.texts == 7
    assert dict(summary.passed_over) == {"empty": 1, f"longer than {LONGEST:,} characters": 1}
    with target.open(encoding="utf-8", newline="") as file:
        coded = list(csv.DictReader(file))
    assert set(coded[0]) == {"id", "code", "start", "end", "polarity", "actor", "rule"}
    by_id = {
        name: {row["code"] for row in coded if row["id"] == name}
        for name in ("a", "windows", "utf8", "lines")
    }
    assert {"calls_or_texts", "face_to_face"} <= by_id["a"]
    assert "physical_assault" in by_id["windows"] & by_id["utf8"] & by_id["lines"]
    assert not target.with_name("codes.csv.part").exists()


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"id,words\n1,a\n", "has no column 'text'"), (b"", "has no column 'id'")],
)
def test_a_file_without_the_columns_is_refused_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, says: str
) -> None:
    source, target = tmp_path / "texts.csv", tmp_path / "codes.csv"
    source.write_bytes(content)
    assert main(["code-text", "--in", str(source), "--out", str(target)]) == REFUSED
    assert says in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [source]


def test_the_command_codes_and_compares(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, old, new = tmp_path / "texts.csv", tmp_path / "old.csv", tmp_path / "new.csv"
    source.write_text("id,text\n1,Sus slapped IP.\n2,\n")
    assert main(["code-text", "--in", str(source), "--out", str(old)]) == 0
    assert "Passed over: 1 empty." in capsys.readouterr().out
    old.write_text(old.read_text().replace("physical_assault", "love_bombing"))
    assert main(["code-text", "--in", str(source), "--out", str(new), "--compare", str(old)]) == 0
    told = capsys.readouterr().out
    assert "1: physical_assault gained: not seen -> hits her" in told
    assert "1: love_bombing lost: hits her -> not seen" in told


def test_a_change_says_how_the_words_are_read_now() -> None:
    row = {"id": "1", "code": "fear", "start": 0, "end": 4, "actor": "victim"}
    old = pl.DataFrame([{**row, "polarity": "affirmed", "rule": "is frightened"}])
    new = pl.DataFrame([{**row, "polarity": "negated", "rule": "is frightened; said not to be"}])
    assert changes(old, new).rows() == [
        ("1", "fear", "lost", "is frightened", "is frightened; said not to be (negated)")
    ]


def test_a_summary_begins_empty() -> None:
    assert (Summary().texts, Summary().codes, sum(Summary().passed_over.values())) == (0, 0, 0)
