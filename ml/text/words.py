"""Text to symbols: one character for each word that the lists know, however it was typed."""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false
# symspellpy tells nothing of its types.

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from itertools import accumulate
from typing import Final

from symspellpy import SymSpell, Verbosity

from ml.text.patterns import (
    ANY_WORD,
    BRACKET,
    COLON,
    COMMA,
    DASH,
    NAME,
    NUMBER,
    QUESTION,
    QUOTE,
    STOP,
    Alphabet,
)

NEW_LINE: Final = "\u23ce"  # stands for a line's end where blanks part the words
CHUNK: Final = re.compile(r"\S+|\n")
REMEMBERED: Final = 200_000  # ways of writing; past that the table is begun anew, so that memory stays flat
SHORTEST_SLIP: Final = 4  # letters; a shorter word is too near to too many others
TWO_SLIPS: Final = 8
LONGEST: Final = 40

_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}|[^\W\d_]+(?:/[^\W\d_]+)+|[^\W\d_]+(?:['\u2019`\u00b4][^\W\d_]+)*"
    r"|\d+(?:[.,:/]\d+)*[^\W\d_]*|[.;!?…]+|,|:|[\"“”]|[()\[\]]|[-\u2013\u2014]+|\u23ce|&"
)
_MARKS: Final = {",": COMMA, ":": COLON, '"': QUOTE, "“": QUOTE, "”": QUOTE, NEW_LINE: STOP,
                 "(": BRACKET, ")": BRACKET, "[": BRACKET, "]": BRACKET}  # fmt: skip
_SHORTENED: Final = frozenset({
    "approx", "mr", "mrs", "ms", "dr", "st", "sgt", "insp", "no", "tel", "eg", "ie", "etc", "vs", "ref",
    "cont", "prev", "poss", "re", "appt", "dep", "supt",
})  # fmt: skip


@cache
def dictionary() -> frozenset[str]:
    """Ordinary English words: none of them is taken for another word mistyped."""
    listed = files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt").read_text("utf-8-sig")
    return frozenset(line.split(" ", 1)[0] for line in listed.splitlines())


class Words(dict[str, str]):
    """From a chunk between blanks to its symbols; what it has not met before it works out and remembers."""

    def __init__(self, alphabet: Alphabet) -> None:
        super().__init__()
        self._known = alphabet.symbols
        self._read = alphabet.read
        self._spans: dict[str, Sequence[tuple[int, int]]] = {}
        self._slips = SymSpell(max_dictionary_edit_distance=2, prefix_length=7)
        for word in alphabet.symbols:
            if len(word) >= SHORTEST_SLIP and word.isalpha():
                self._slips.create_dictionary_entry(word, 1)

    def __missing__(self, chunk: str) -> str:
        if len(self) >= REMEMBERED:
            self.clear()
        symbols = "".join(symbol for symbol, _, _ in self.read(chunk))
        if len(chunk) <= LONGEST:
            self[chunk] = symbols
        return symbols

    def symbols(self, text: str) -> str:
        """The whole text, a character for each word and mark."""
        return "".join(map(self.__getitem__, _chunks(text)))

    def places(self, text: str, wanted: Iterable[int] | None = None) -> dict[int, tuple[int, int]]:
        """Where in the text the wanted symbols stand, by their number; of all where none is named."""
        chunks = _chunks(text)
        past = list(accumulate(map(len, map(self.__getitem__, chunks))))
        begins = _begins(text, chunks)
        places: dict[int, tuple[int, int]] = {}
        for number in range(past[-1] if past else 0) if wanted is None else set(wanted):
            nth = bisect_right(past, number)
            begin, end = self._spans_of(chunks[nth])[number - (past[nth - 1] if nth else 0)]
            places[number] = begins[nth] + begin, begins[nth] + end
        return places

    def _spans_of(self, chunk: str) -> Sequence[tuple[int, int]]:
        """Where in a chunk its symbols stand; remembered, as the symbols are."""
        spans = self._spans.get(chunk)
        if spans is None:
            if len(self._spans) >= REMEMBERED:
                self._spans.clear()
            spans = [(begin, end) for _, begin, end in self.read(chunk)]
            if len(chunk) <= LONGEST:
                self._spans[chunk] = spans
        return spans

    def read(self, chunk: str) -> list[tuple[str, int, int]]:
        """The symbols of one chunk, each with its place."""
        found: list[tuple[str, int, int]] = []
        for token in _TOKEN.finditer(chunk):
            word, (start, end) = token.group(), token.span()
            first = word[0]
            if first in _MARKS:
                found.append((_MARKS[first], start, end))
            elif first in "-\u2013\u2014":
                if end - start == len(chunk):
                    found.append((DASH, start, end))
            elif first in ".;!?…":
                if "?" in word:
                    found.append((QUESTION, start, end))
                elif not (word == "." and found and chunk[:start].lower() in _SHORTENED):
                    found.append((STOP, start, end))
            elif first.isdigit():
                found.append((self._known.get(word.lower(), NUMBER), start, end))
            elif "/" in word and word.lower() not in self._known:
                at = start
                for part in word.split("/"):
                    found.append((self._word(part), at, at + len(part)))
                    at += len(part) + 1
            else:
                found += self._words(word, start, end)
        return found

    def _words(self, word: str, start: int, end: int) -> list[tuple[str, int, int]]:
        symbol = self._word(word)
        if symbol != ANY_WORD or end - start < TWO_SLIPS or word.lower() in dictionary():
            return [(symbol, start, end)]
        at = self._run_together(word.lower())
        if not at:
            return [(symbol, start, end)]
        return [(self._word(word[:at]), start, start + at), (self._word(word[at:]), start + at, end)]

    def _word(self, written: str) -> str:
        if written == "May":  # the month, more often than not
            return ANY_WORD
        written = re.sub(r"['\u2019`\u00b4][sS]$", "", written)
        word = re.sub(r"['\u2019`\u00b4.]", "", written.lower())
        symbol = self._known.get(word) or self._read.get(word)
        if symbol is not None:
            return symbol
        if word in dictionary() or len(word) < SHORTEST_SLIP or len(word) > LONGEST:
            return NAME if written.istitle() and word not in dictionary() else ANY_WORD
        meant = self._meant(word)
        if meant is not None and not (written.istitle() and len(word) < 6):
            return self._known[meant]
        return NAME if written.istitle() else ANY_WORD

    def _meant(self, word: str) -> str | None:
        """The one word of the lists of which this is a slip of the fingers."""
        if not word.isascii():
            return None
        near = self._slips.lookup(word, Verbosity.CLOSEST, max_edit_distance=1 + (len(word) >= TWO_SLIPS))
        return next((found.term for found in near if found.term[0] == word[0]), None)

    def _run_together(self, word: str) -> int:
        """Where two words were typed without a blank between, if both are words and one is ours."""
        for at in range(len(word) - 2, 1, -1):
            left, right = word[:at], word[at:]
            if (left in self._known and right in self._known) and (len(left) > 2 or len(right) > 2):
                return at
        return 0


def _chunks(text: str) -> list[str]:
    """What stands between blanks, and each line's end."""
    return text.replace("\n", f" {NEW_LINE} ").split()


def _begins(text: str, chunks: Sequence[str]) -> Sequence[int]:
    """Where each chunk stands: one blank apart, as in most texts, or wherever it is found."""
    if " ".join(chunks) == text:
        return [0, *accumulate(len(chunk) + 1 for chunk in chunks)]
    return [chunk.start() for chunk in CHUNK.finditer(text)]
