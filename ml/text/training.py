"""Learns the reader from texts written by hand: once, on purpose, and never in a run.

`make reader` does it.
"""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false, reportAttributeAccessIssue=false
# pyright: reportCallIssue=false
# autograd tells nothing of its types.

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import autograd.numpy as anp
import numpy as np
from autograd import value_and_grad

from ml.text.coder import Coder
from ml.text.lists import read_lists
from ml.text.patterns import BUILT_IN
from ml.text.reader import (
    BETWEEN,
    FROZEN,
    NEVER,
    REACHES,
    SHARP,
    WEIGHTS,
    Batch,
    Floats,
    Hit,
    lay_out,
    vectors_of,
)  # fmt: skip

LESSONS: Final = Path(__file__).with_name("lessons")
WIDTH: Final = 96
ROUNDS: Final = 10
AT_ONCE: Final = 48  # texts
STEP: Final = 2e-3
MATTERS: Final = 2.0  # a sentence that tells a code weighs as two that do not
UNASKED: Final = 0.15  # what a phrase of one code weighs for the others
DROPPED: Final = (0.08, 0.2, 0.3)  # of words, of the first layer, of the last
SHOWN_OFTEN: Final = 12  # the lists' own examples
BAR: Final = 0.35  # from this chance on a sentence tells a code; where held-out lessons are read best
SEED: Final = 20_261_122


@dataclass(frozen=True)
class Lesson:
    """A text as symbols, what the lists see in it, and what each sentence tells."""

    symbols: str
    hits: tuple[Hit, ...]
    told: Floats  # sentence by code
    weight: Floats


def right(code: Mapping[str, str], implied: Mapping[str, str]) -> str | None:
    """The behaviour that an annotation affirms, by whom it must be."""
    if code["polarity"] != "affirmed" or code["actor"] not in ("suspect", "unknown"):
        return None
    return implied.get(code["code"], code["code"])


def lessons(coder: Coder, codes: Sequence[str], files: Sequence[Path]) -> Iterator[Lesson]:
    """Every text and phrase to learn from."""
    implied = coder.lists.counted_as
    for path in files:
        for line in path.read_text("utf-8").splitlines():
            told: dict[str, Any] = json.loads(line)
            symbols = coder.words.symbols(told["text"])
            if symbols:
                hits = tuple(coder.seen(told["text"], codes))
                if path.parent.name == "phrases":
                    yield _phrase(symbols, hits, codes, path.stem, told["says"])
                elif path.parent.name == "sentences":
                    yield _sentence(symbols, hits, codes, told["tells"])
                else:
                    yield _text(coder, told, symbols, hits, codes, implied)


def examples(coder: Coder, codes: Sequence[str]) -> Iterator[Lesson]:
    """What the lists themselves give as examples and as counter-examples of each code."""
    for name in codes:
        code = coder.lists.code(name)
        for says, texts in ((True, code.examples), (False, code.counter_examples)):
            for text in texts * SHOWN_OFTEN:
                hits = tuple(coder.seen(text, codes))
                yield _phrase(coder.words.symbols(text), hits, codes, name, says)


def _phrase(symbols: str, hits: tuple[Hit, ...], codes: Sequence[str], code: str, says: bool) -> Lesson:
    sentences = len(lay_out([symbols], [()], 1).sentences)
    told = np.zeros((sentences, len(codes)), dtype=np.float32)
    weight = np.full_like(told, UNASKED)
    told[:, codes.index(code)] = says
    weight[:, codes.index(code)] = 1.0 if sentences == 1 or not says else UNASKED
    return Lesson(symbols, hits, told, weight)


def _sentence(symbols: str, hits: tuple[Hit, ...], codes: Sequence[str], tells: Sequence[str]) -> Lesson:
    """Of two sentences the one in which the lists see it tells a code; where they see none, either may."""
    laid = lay_out([symbols], [()], 1)
    begins = laid.sentences - BETWEEN
    told = np.zeros((len(begins), len(codes)), dtype=np.float32)
    weight = np.ones_like(told)
    for number in map(codes.index, tells):
        seen = [start for code, start, _, says in hits if code == number and says]
        if len(begins) == 1 or seen:
            told[max(0, int(np.searchsorted(begins, seen[0] if seen else 0, side="right")) - 1), number] = 1
        else:
            told[:, number], weight[:, number] = 1, UNASKED
    return Lesson(symbols, hits, told, weight)


def _text(
    coder: Coder,
    said: Mapping[str, Any],
    symbols: str,
    hits: tuple[Hit, ...],
    codes: Sequence[str],
    implied: Mapping[str, str],
) -> Lesson:
    laid = lay_out([symbols], [()], 1)
    begins = laid.sentences - BETWEEN
    places = coder.words.places(said["text"])
    told = np.zeros((len(begins), len(codes)), dtype=np.float32)
    for code in said["codes"]:
        name = right(code, implied)
        if name not in codes:
            continue
        at = said["text"].index(code["words"])
        word = next((n for n, (_, end) in places.items() if end > at), 0)
        told[max(0, int(np.searchsorted(begins, word, side="right")) - 1), codes.index(name)] = 1
    return Lesson(symbols, hits, told, np.ones_like(told))


def forward(p: Mapping[str, Any], batch: Batch, fixed: Mapping[str, Any], kept: Sequence[Any]) -> Any:
    """The reader's own sums, in a form that can be learned."""
    real = (batch.symbols > 0)[:, None].astype(np.float32)
    rows = fixed["row_of"][batch.symbols]
    words = anp.dot(p["vectors"][rows] * kept[0], p["from_vectors"]) + p["first_bias"]
    words = words + anp.dot(fixed["lists"][batch.symbols], p["from_lists"])
    words = words + anp.dot(fixed["hits"], p["hits"])
    words = anp.maximum(words, 0) * real * kept[1]
    third = WIDTH // 3
    for n, reach in enumerate(REACHES):
        blank = np.zeros((reach, third), dtype=np.float32)
        before = anp.concatenate([blank, words[:-reach, :third]])
        after = anp.concatenate([words[reach:, 2 * third :], blank])
        wide = anp.concatenate([before, words[:, third : 2 * third], after], axis=1)
        words = words + anp.maximum(anp.dot(wide, p[f"layer_{n}"]) + p[f"bias_{n}"], 0) * real
    told = anp.dot(words * kept[2], p["out"]) + p["out_bias"]
    spread = SHARP * (told[fixed["of_sentence"]] + fixed["beyond"][:, :, None])
    top = np.max(getattr(spread, "_value", spread), axis=1, keepdims=True)
    return (anp.log(anp.sum(anp.exp(spread - top), axis=1)) + top[:, 0]) / SHARP


def sentence_words(batch: Batch) -> tuple[np.ndarray[Any, Any], Floats]:
    """The words of each sentence as a table, and what keeps the blanks of it silent."""
    edges = np.append(batch.sentences, len(batch.symbols))
    past = [int(np.argmax(batch.ends[a:])) + a if batch.ends[a:].any() else b for a, b in pairwise(edges)]
    longest = max(b - a for a, b in zip(batch.sentences, past, strict=True))
    place = batch.sentences[:, None] + np.arange(longest)
    inside = place < np.array(past)[:, None]
    return np.where(inside, place, 0), np.where(inside, 0.0, NEVER).astype(np.float32)


class Learner:
    """One learning from one set of lessons."""

    def __init__(self, coder: Coder, codes: Sequence[str], taught: Sequence[Lesson], seed: int) -> None:
        self.coder, self.codes, self.taught = coder, tuple(codes), list(taught)
        self.random = np.random.default_rng(seed)
        lists = coder.lists
        self.names = sorted(lists.alphabet.lists)
        self.in_lists = np.zeros((1 << 16, len(self.names)), dtype=np.float32)
        for number, name in enumerate(self.names):
            self.in_lists[[ord(symbol) for symbol in lists.alphabet.lists[name]], number] = 1
        used = sorted({symbol for lesson in taught for symbol in lesson.symbols} - {"\0"})
        self.used = used
        self.row_of = np.zeros(1 << 16, dtype=np.int64)
        self.row_of[[ord(symbol) for symbol in used]] = np.arange(1, len(used) + 1)
        vectors = vectors_of(lists)
        self.start = np.concatenate(
            [np.zeros((1, vectors.shape[1]), np.float32), vectors[[ord(s) for s in used]]]
        )

    def parameters(self) -> dict[str, Any]:
        """Where learning begins."""
        codes, features = len(self.codes), 2 * len(self.codes)

        def some(*shape: int, scale: float) -> Floats:
            return (self.random.normal(size=shape) * scale).astype(np.float32)

        p: dict[str, Any] = {
            "vectors": self.start.copy(),
            "from_vectors": some(self.start.shape[1], WIDTH, scale=0.1),
            "from_lists": some(len(self.names), WIDTH, scale=0.05),
            "hits": some(features, WIDTH, scale=0.2),
            "first_bias": np.zeros(WIDTH, np.float32),
            "out": some(WIDTH, codes, scale=0.1),
            "out_bias": np.full(codes, -3.0, np.float32),
        }
        for n in range(len(REACHES)):
            p[f"layer_{n}"] = some(WIDTH, WIDTH, scale=(1 / WIDTH) ** 0.5)
            p[f"bias_{n}"] = np.zeros(WIDTH, np.float32)
        return p

    def _fixed(self, batch: Batch) -> dict[str, Any]:
        features = 2 * len(self.codes)
        hits = np.zeros((len(batch.symbols), features), dtype=np.float32)
        hits[batch.hits // features, batch.hits % features] = 1
        of_sentence, beyond = sentence_words(batch)
        return {"row_of": self.row_of, "lists": self.in_lists, "hits": hits,
                "of_sentence": of_sentence, "beyond": beyond}  # fmt: skip

    def _loss(
        self, p: Mapping[str, Any], batch: Batch, told: Floats, weight: Floats, kept: Sequence[Any]
    ) -> Any:
        said = forward(p, batch, self._fixed(batch), kept)
        wrong = anp.maximum(said, 0) - said * told + anp.log(1 + anp.exp(-anp.abs(said)))
        near = anp.sum((p["vectors"] - self.start) ** 2)
        return anp.sum(weight * np.where(told > 0, MATTERS, 1.0) * wrong) / len(told) + 1e-6 * near

    def learn(self, rounds: int = ROUNDS) -> dict[str, Any]:
        """Adam with a step that fades, a few rounds through all lessons."""
        p, slope = self.parameters(), value_and_grad(self._loss)
        mean = {name: np.zeros_like(value) for name, value in p.items()}
        square = {name: np.zeros_like(value) for name, value in p.items()}
        steps, done = rounds * (len(self.taught) // AT_ONCE), 0
        for _ in range(rounds):
            order = self.random.permutation(len(self.taught))
            for at in range(0, len(order) - AT_ONCE + 1, AT_ONCE):
                chosen = [self.taught[n] for n in order[at : at + AT_ONCE]]
                batch = lay_out([c.symbols for c in chosen], [c.hits for c in chosen], 2 * len(self.codes))
                told = np.concatenate([c.told for c in chosen])
                weight = np.concatenate([c.weight for c in chosen])
                _, found = slope(p, batch, told, weight, self._kept(len(batch.symbols)))
                done += 1
                self._step(p, found, mean, square, done, steps)
        return p

    def _kept(self, words: int) -> list[Floats]:
        shapes = ((words, 1), (words, WIDTH), (words, WIDTH))
        whole = (1.0, 1 - DROPPED[1], 1 - DROPPED[2])
        return [
            ((self.random.random(shape) > dropped) / share).astype(np.float32)
            for shape, dropped, share in zip(shapes, DROPPED, whole, strict=True)
        ]

    @staticmethod
    def _step(p: dict[str, Any], found: Any, mean: Any, square: Any, done: int, steps: int) -> None:
        step = STEP * 0.5 * (1 + np.cos(np.pi * done / steps))
        for name in p:
            mean[name] = 0.9 * mean[name] + 0.1 * found[name]
            square[name] = 0.999 * square[name] + 0.001 * found[name] ** 2
            rise = mean[name] / (1 - 0.9**done)
            size = np.sqrt(square[name] / (1 - 0.999**done)) + 1e-8
            fade = 0 if name == "vectors" else step * 1e-4 * p[name]
            p[name] = (p[name] - step * rise / size - fade).astype(np.float32)

    def frozen(self, p: Mapping[str, Any], bars: Floats) -> dict[str, Any]:
        """The weights as they are kept: vectors in eight bits."""
        built_in = {symbol: f"<{name}>" for name, symbol in BUILT_IN.items()}
        alphabet = self.coder.lists.alphabet
        word_of = {symbol: word for word, symbol in {**alphabet.read, **alphabet.symbols}.items()} | built_in
        learned = np.asarray(p["vectors"][1:])
        scale = np.abs(learned).max(axis=0) / 127
        kept = {name: value for name, value in p.items() if name != "vectors"}
        return kept | {
            "codes": np.array(self.codes), "lists": np.array(self.names), "bars": bars,
            "words": np.array([word_of.get(symbol, "<unknown>") for symbol in self.used]),
            "learned": np.round(learned / scale).astype(np.int8), "learned_scale": scale.astype(np.float32),
        }  # fmt: skip


def lesson_files(more: Sequence[Path] = ()) -> list[Path]:
    """The lessons of the product: whole texts, sentences and phrases; and any others."""
    return [*sorted(LESSONS.glob("*.jsonl")), *sorted(LESSONS.glob("*/*.jsonl")), *more]


def main(arguments: Sequence[str]) -> None:
    """Learn from every lesson and freeze what was learned."""
    coder = Coder(read_lists(), reader=None)
    codes = [code.name for code in coder.lists.codes if code.published]
    taught = list(lessons(coder, codes, lesson_files([Path(each) for each in arguments])))
    taught += examples(coder, codes)
    learner = Learner(coder, codes, taught, SEED)
    weights = learner.frozen(learner.learn(), np.full(len(codes), BAR, np.float32))
    FROZEN.mkdir(exist_ok=True)
    np.savez_compressed(FROZEN / WEIGHTS, **weights)
    print(f"{len(taught):,} lessons learned: {FROZEN / WEIGHTS}")


if __name__ == "__main__":
    main(sys.argv[1:])
