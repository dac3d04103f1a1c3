"""Composed prose says what was asked, marks where it says it, and never contradicts itself."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray

from data_samples.prose.codes import (
    ACTORS,
    BEHAVIOURS,
    CODES,
    POLARITIES,
    RIGHT_ACTORS,
    STYLES,
    THEMES,
    contradicting,
)
from data_samples.prose.compose import Requests, Spans, Strings, compose
from data_samples.prose.grammar import (
    FILLERS,
    GrammarError,
    coverage,
    read_grammar,
    read_production,
)
from data_samples.prose.pieces import BLOCKS, compile_grammar

SEED = 11
RIGHT = np.array([[actor in RIGHT_ACTORS[code] for actor in ACTORS] for code in range(len(CODES))])


def _requests(n: int, start: int = 0) -> Requests:
    """Requests of all styles, themes and codes, with strings that differ from row to row."""
    key = np.arange(start, start + n, dtype=np.int64)
    drawn = np.random.default_rng(3)
    facts = np.zeros(n, dtype=np.int64)
    for nth in range(4):
        facts |= np.where(key % 5 > nth, np.int64(1) << drawn.integers(0, len(CODES), n), 0)
    return Requests(
        key=key,
        style=(key % len(STYLES)).astype(np.int8),
        theme=drawn.integers(0, len(THEMES), n).astype(np.int8),
        facts=facts,
        suspect_sex=drawn.integers(-1, 2, n).astype(np.int8),
        victim_sex=drawn.integers(-1, 2, n).astype(np.int8),
        fillers={name: pa.array([f"Zoë.{name}#{k}" for k in range(start, start + n)]) for name in FILLERS},
    )


@lru_cache(maxsize=1)
def _composed() -> tuple[Requests, list[str], Spans]:
    requests = _requests(20_000)
    texts, spans = compose(requests, SEED)
    return requests, _read(texts), spans


def _read(texts: Strings) -> list[str]:
    return [str(text) for text in texts.to_pylist()]


def _is_fact(spans: Spans) -> NDArray[np.bool_]:
    return (spans.polarity == 0) & RIGHT[spans.code, spans.actor]


def _masks(spans: Spans, which: NDArray[np.bool_], n: int) -> NDArray[np.int64]:
    masks = np.zeros(n, dtype=np.int64)
    np.bitwise_or.at(masks, spans.row[which], np.int64(1) << spans.code[which].astype(np.int64))
    return masks


def test_every_requested_fact_is_affirmed_and_no_other() -> None:
    requests, _, spans = _composed()
    assert (_masks(spans, _is_fact(spans), len(requests.key)) == requests.facts).all()


def test_every_code_is_reached_in_every_style_and_every_kind_of_truth_occurs() -> None:
    requests, _, spans = _composed()
    told = _is_fact(spans)
    reached = set(zip(spans.code[told].tolist(), requests.style[spans.row[told]].tolist(), strict=True))
    assert len(reached) == len(CODES) * len(STYLES)
    assert set(spans.polarity.tolist()) == set(range(len(POLARITIES)))
    assert set(spans.actor.tolist()) == set(range(len(ACTORS)))


def test_decoys_never_contradict_a_fact() -> None:
    requests, _, spans = _composed()
    negated = spans.polarity == POLARITIES.index("negated")
    assert negated.sum() > 500
    excluded = np.array([contradicting(1 << code) for code in range(len(CODES))])
    assert (excluded[spans.code[negated]] & requests.facts[spans.row[negated]] == 0).all()


def test_about_a_third_of_texts_carry_a_decoy() -> None:
    requests, _, spans = _composed()
    unknown = spans.actor == ACTORS.index("unknown")
    share = len(np.unique(spans.row[~_is_fact(spans) & ~unknown])) / len(requests.key)
    assert 0.30 < share < 0.42


def test_spans_hold_the_marked_words_and_stay_inside_their_text() -> None:
    _, texts, spans = _composed()
    lengths = np.array([len(text) for text in texts])
    assert (spans.start >= 0).all() and (spans.end > spans.start).all()
    assert (spans.end <= lengths[spans.row]).all()
    for row, start, end in zip(spans.row[:4000], spans.start[:4000], spans.end[:4000], strict=True):
        text = texts[int(row)]
        said = text[start:end]
        assert said == said.strip() and said
        assert not text[start - 1 : start].isalnum() or start == 0
        assert not text[end : end + 1].isalnum()


def test_a_marked_stretch_reads_as_it_stands_in_the_grammar() -> None:
    """One code alone, no slips of the fingers to speak of: the words are among those the grammar marks."""
    n, code = 3000, CODES.index("rel_stranger")
    requests = _requests(n)
    requests = Requests(
        requests.key, requests.style, np.full(n, THEMES.index("other"), dtype=np.int8),
        np.full(n, 1 << code, dtype=np.int64), np.ones(n, dtype=np.int8), np.zeros(n, dtype=np.int8),
        dict.fromkeys(FILLERS, pa.array(["X"] * n)),
    )  # fmt: skip
    composed, spans = compose(requests, SEED)
    texts = _read(composed)
    own = np.flatnonzero(spans.code == code)
    said = [texts[int(spans.row[i])][spans.start[i] : spans.end[i]].lower() for i in own]
    known = {
        "is a stranger to x", "does not know x", "had never met x", "is not known to x in any way",
        "not known to ip", "not known to the ip", "not known to victim", "not known to ap", "stranger",
        "is a complete stranger to the victim", "has no known link to x", "has no idea who the suspect is",
    }  # fmt: skip
    assert sum(words in known for words in said) > 0.6 * len(said)


def test_same_arguments_same_texts_in_any_slicing() -> None:
    requests, texts, spans = _composed()
    again, marked = compose(requests, SEED)
    assert _read(again) == texts
    assert all(np.array_equal(getattr(marked, f), getattr(spans, f)) for f in Spans.__dataclass_fields__)
    part, few = compose(requests.rows(5_000, 6_000), SEED)
    assert _read(part) == texts[5_000:6_000]
    inside = (spans.row >= 5_000) & (spans.row < 6_000)
    assert np.array_equal(few.start, spans.start[inside]) and np.array_equal(few.code, spans.code[inside])
    assert _read(compose(requests.rows(0, 500), SEED + 1)[0]) != texts[:500]


def test_most_texts_are_unique_even_with_the_same_strings() -> None:
    requests, texts, _ = _composed()
    assert len(set(texts)) > 0.95 * len(texts)
    bare = _read(compose(replace(requests, fillers={}), SEED)[0])
    assert len(set(bare)) > 0.7 * len(bare)


def test_texts_are_of_sensible_length_and_fit_windows_1252() -> None:
    _, texts, _ = _composed()
    everything = "\n".join(texts)
    assert everything.encode("cp1252").decode("cp1252") == everything
    bare = compose(replace(_composed()[0], fillers={}), 1)[0]
    lengths = np.array([len(text) for text in _read(bare)])
    assert 120 < np.median(lengths) < 300 and np.quantile(lengths, 0.99) < 700


def test_fillers_come_through_unharmed_and_missing_ones_have_a_stand_in() -> None:
    requests = _requests(600)
    n = len(requests.key)
    strings = {**requests.fillers, "suspect_name": pa.array([None, ""] * (n // 2), type=pa.string())}
    joined = "\n".join(_read(compose(replace(requests, fillers=strings), 2)[0]))
    assert "SUS" in joined and "Zoë.place#" in joined and "$" not in joined and "{" not in joined


def test_nothing_asked_nothing_written() -> None:
    texts, spans = compose(_requests(0), SEED)
    assert len(texts) == 0 and len(spans) == 0


def test_every_code_has_its_productions() -> None:
    counted = coverage()
    assert set(counted) == set(CODES)
    assert all(counted[code] >= (14 if code in BEHAVIOURS else 10) for code in CODES)
    assert sum(p.kind in ("fact", "joint", "decoy", "theme") for p in read_grammar()) >= 450


def test_every_production_compiles_alone() -> None:
    """Each variant's spans lie in its own text: nothing depends on its neighbours."""
    compiled = compile_grammar(read_grammar())
    assert (compiled.span_ends[:, 0] <= compiled.span_ends[:, 2]).all()
    assert len(compiled.pieces) == BLOCKS * compiled.block_size == len(compiled.bounds)


@pytest.mark.parametrize(
    ("kind", "group", "text", "complaint"),
    [
        ("fact", "fear", "IP is [scared", "never closed"),
        ("fact", "fear", "IP is scared]", "never began"),
        ("fact", "fear", "IP is fine", "must affirm fear"),
        ("fact", "fear", "IP is [scared] of [calls_or_texts: texts]", "no other code"),
        ("fact", "fear", "IP is [scared] of $nobody", "no filler or pronoun"),
        ("fact", "fear", "IP is [scared] {of|by", "unbalanced"),
        ("fact", "fear", "IP is [scared] {@nothing}", "no slot"),
        ("fact", "fear", "IP is [scared].", "stop"),
        ("fact", "fear", "IP is [scared → here]", "Windows-1252"),
        ("fact", "fear", "IP is {[scared]|fine}", "choices change"),
        ("fact", "fear", "IP is [dread: scared]", "not one of"),
        ("joint", "joint", "IP is [fear: scared]", "at least two"),
        ("decoy", "general", "sus [face_to_face: was there]", "must not affirm"),
        ("decoy", "general", "all was quiet", "marks at least one"),
        ("theme", "theft", "sus [weapon_used: had a knife out]", "must not affirm"),
        ("theme", "theft", "a bike [was taken]", "without a code"),
    ],
)
def test_a_wrong_production_is_refused_by_name(kind: str, group: str, text: str, complaint: str) -> None:
    with pytest.raises(GrammarError, match=complaint) as refused:
        read_production(kind, group, "any", "wrong.yml", text, {})
    assert "wrong.yml" in str(refused.value)


def test_a_wrong_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "slots.yml").write_text("ip: [IP]\n")
    (tmp_path / "more.yml").write_text("facts:\n  joy:\n    any: |\n      IP is [glad]\n")
    with pytest.raises(GrammarError, match=r"more\.yml: 'joy'"):
        read_grammar(tmp_path)


# Words that tell of a code wherever they stand: outside a mark they would be untold truth.
TELLTALES = {
    "calls_or_texts": r"\b(texted|texting|voicemail|missed call|phoning|telephoned)",
    "surveillance": r"\b(followed (her|him|\$|home)|loiter|lurk|spied|spying|stalked by)",
    "face_to_face": r"\b(turned up|turns up|confronted)",
    "online_contact": r"\b(facebook|instagram|fake profile|social media|whatsapp)",
    "threat_physical": r"\b(threatened|threatens|threatening|kill)",
    "property_damage": r"\b(smashed|slashed|keyed|vandal)",
    "physical_assault": r"\b(punched|slapped|headbutt|assaulted)",
    "weapon": r"\b(knife|machete|knives)",
    "fear": r"\b(scared|frightened|terrified|in fear|fears)\b",
    "distress": r"\b(distressed|tearful|crying|in tears)\b",
    "strangulation": r"\b(strangled|choked|throat)\b",
    "suicide_threat": r"\b(suicid|overdose|self.harm)",
    "tracker": r"\b(tracker|airtag)",
    "withdrawal": r"\b(withdrawn|retracted)\b",
    "denial": r"\b(denies|denied)\b",
    "escalation": r"\b(escalat|getting worse)",
    "relation": r"\b(ex-partner|ex-ptr|former partner|colleague)",
}


@lru_cache(maxsize=1)
def _unmarked() -> list[str]:
    return [re.sub(r"\[[^\]]*\]", " ", production.text.lower()) for production in read_grammar()]


@pytest.mark.parametrize("code", TELLTALES)
def test_no_telling_word_stands_outside_a_mark(code: str) -> None:
    assert [text for text in _unmarked() if re.search(TELLTALES[code], text)] == []
