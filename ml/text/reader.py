"""The learned reader: says of each sentence whether it tells a behaviour, where the lists only see words."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from ml.text.lists import CodingLists
from ml.text.mistakes import TextError
from ml.text.patterns import BUILT_IN, ENDS

FROZEN: Final = Path(__file__).with_name("frozen")
VECTORS: Final = "vectors.npz"
WEIGHTS: Final = "reader.npz"
REACHES: Final = (1, 1, 2, 2, 4, 8)  # how far before and after itself a word looks, layer by layer
BETWEEN: Final = max(REACHES)  # blanks between texts, so that none sees the next
SHARP: Final = 2.0  # how far the strongest word of a sentence speaks for it
NEVER: Final = -30.0
LOUDEST: Final = 30.0  # what is surer is no surer, and stays within a number of 32 bits
EVERY_SYMBOL: Final = 1 << 16

Floats: TypeAlias = NDArray[np.float32]
Ints: TypeAlias = NDArray[np.int64]
Hit: TypeAlias = tuple[
    int, int, int, bool
]  # code, first word, past the last, whether the lists say it happened


@dataclass(frozen=True)
class Vectors:
    """Where words stand to each other: a row for each word."""

    words: tuple[str, ...]
    rows: Floats


@lru_cache(maxsize=1)
def read_vectors(folder: Path = FROZEN) -> Vectors:
    """The frozen vectors of ordinary words."""
    with np.load(folder / VECTORS) as kept:
        words = tuple(str(word) for word in kept["words"])
        return Vectors(words, kept["vectors"].astype(np.float32) * kept["scale"])


@dataclass(frozen=True)
class Batch:
    """Texts laid one after another, with where their sentences begin."""

    symbols: NDArray[np.uint16]
    hits: Ints  # place of a word times the number of features, plus the feature
    sentences: Ints  # first word of each
    text: Ints  # the text of each sentence
    ends: NDArray[np.bool_]  # words that belong to no sentence


def lay_out(texts: Sequence[str], hits: Sequence[Sequence[Hit]], features: int) -> Batch:
    """Symbols of several texts as one row of numbers."""
    blank = "\0" * BETWEEN
    row = np.frombuffer((blank + blank.join(texts) + blank).encode("utf-16-le"), dtype=np.uint16)
    lengths = np.array([len(text) for text in texts], dtype=np.int64)
    first = BETWEEN + np.cumsum(lengths + BETWEEN) - lengths - BETWEEN
    ends = _IS_END[row]
    begins = np.flatnonzero(~ends & np.concatenate([[True], ends[:-1]]))
    text = np.searchsorted(first, begins, side="right") - 1
    found = [
        (begin + word) * features + 2 * code + (not says)
        for begin, of_text in zip(first.tolist(), hits, strict=True)
        for code, start, end, says in of_text
        for word in range(start, end)
    ]
    return Batch(row, np.unique(np.array(found, dtype=np.int64)), begins, text, ends)


_IS_END: Final = np.zeros(EVERY_SYMBOL, dtype=np.bool_)
_IS_END[[0, *map(ord, ENDS)]] = True


def beside(words: Floats, reach: int, into: Floats) -> Floats:
    """A third of what each word is, a third of the word so far before it, and a third of the one after it."""
    third = words.shape[1] // 3
    into[:reach, :third] = 0
    into[reach:, :third] = words[:-reach, :third]
    into[:, third : 2 * third] = words[:, third : 2 * third]
    into[:-reach, 2 * third :] = words[reach:, 2 * third :]
    into[-reach:, 2 * third :] = 0
    return into


@dataclass(frozen=True)
class Judged:
    """What the reader makes of a batch: a chance for each sentence and code, and each word's part in it."""

    chance: Floats
    words: Floats


class Reader:
    """Frozen weights, ready to read."""

    def __init__(self, lists: CodingLists, weights: Mapping[str, NDArray[Any]]) -> None:
        self.codes = tuple(str(code) for code in weights["codes"])
        self.bars = cast("Floats", weights["bars"])
        self._first = first_layer(lists, weights)
        self._hits = cast("Floats", weights["hits"])
        self._layers = [(weights[f"layer_{n}"], weights[f"bias_{n}"]) for n in range(len(REACHES))]
        self._out, self._bias = cast("Floats", weights["out"]), cast("Floats", weights["out_bias"])
        self._rooms = np.empty((3, 0, self._out.shape[0]), dtype=np.float32)

    @property
    def features(self) -> int:
        """How many things the lists may say of a word: a code, and whether it happened."""
        return len(self._hits)

    def judge(self, batch: Batch) -> Judged:
        """How likely each sentence tells each code."""
        words, wide, sums = self._room(len(batch.symbols))
        np.take(self._first, batch.symbols, axis=0, out=words, mode="clip")
        self._hear(words, batch.hits)
        blanks = np.flatnonzero(batch.symbols == 0)
        np.maximum(words, 0, out=words)
        words[blanks] = 0
        for reach, (weight, bias) in zip(REACHES, self._layers, strict=True):
            np.matmul(beside(words, reach, wide), weight, out=sums)
            np.maximum(np.add(sums, bias, out=sums), 0, out=sums)
            sums[blanks] = 0
            words += sums
        told = words @ self._out + self._bias
        told[batch.ends] = NEVER
        return Judged(_chances(told, batch.sentences), told)

    def _hear(self, words: Floats, hits: Ints) -> None:
        """Add to each word what the lists say of it."""
        if len(hits):
            places, features = np.divmod(hits, self.features)
            firsts = np.flatnonzero(np.diff(places, prepend=-1))
            words[places[firsts]] += np.add.reduceat(self._hits[features], firsts, axis=0)

    def _room(self, words: int) -> tuple[Floats, Floats, Floats]:
        """Room for so many words, made once and used again."""
        if words > self._rooms.shape[1]:
            self._rooms = np.empty((3, words, self._out.shape[0]), dtype=np.float32)
        return self._rooms[0, :words], self._rooms[1, :words], self._rooms[2, :words]


def _chances(told: Floats, sentences: Ints) -> Floats:
    """From what each word speaks for to what its sentence says."""
    if not len(sentences):
        return np.zeros((0, told.shape[1]), dtype=np.float32)
    loud = np.exp(SHARP * np.minimum(told, LOUDEST))
    joined = np.log(np.add.reduceat(loud, sentences, axis=0)) / SHARP
    return (1 / (1 + np.exp(-joined))).astype(np.float32)


def first_layer(lists: CodingLists, weights: Mapping[str, NDArray[Any]]) -> Floats:
    """What each symbol brings: where its word stands, and the lists that hold it."""
    vectors = vectors_of(lists, weights)
    table = vectors @ weights["from_vectors"] + weights["first_bias"]
    for number, name in enumerate(str(name) for name in weights["lists"]):
        held = [ord(symbol) for symbol in lists.alphabet.lists.get(name, "")]
        table[held] += weights["from_lists"][number]
    return np.asarray(table, dtype=np.float32)


def vectors_of(lists: CodingLists, weights: Mapping[str, NDArray[Any]] | None = None) -> Floats:
    """A vector for each symbol: the frozen one of its word, or the one that was learned for it."""
    known = read_vectors()
    table = np.zeros((EVERY_SYMBOL, known.rows.shape[1]), dtype=np.float32)
    symbols = {**lists.alphabet.read, **lists.alphabet.symbols}
    for word, row in zip(known.words, known.rows, strict=True):
        if word in symbols:
            table[ord(symbols[word])] = row
    if weights is not None:
        learned = weights["learned"].astype(np.float32) * weights["learned_scale"]
        for word, row in zip((str(word) for word in weights["words"]), learned, strict=True):
            symbol = BUILT_IN.get(word[1:-1]) if word.startswith("<") else symbols.get(word)
            if symbol:
                table[ord(symbol)] = row
    return table


def reader_version(folder: Path = FROZEN) -> str:
    """A name made of the frozen weights: two readers of one name read alike."""
    return hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest()[:12]


def read_reader(lists: CodingLists, folder: Path = FROZEN) -> Reader:
    """The frozen reader; a file that is not one is refused."""
    path = folder / WEIGHTS
    lists.alphabet.know(read_vectors().words)
    try:
        with np.load(path) as kept:
            weights = {name: kept[name] for name in kept.files}
        return Reader(lists, weights)
    except (OSError, ValueError, KeyError) as error:
        raise TextError(f"{folder} holds no frozen reader ({WEIGHTS}); `make reader` learns one") from error
