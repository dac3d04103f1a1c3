"""Codes texts: terms by the word they begin with, the words around them, and what the reader makes of it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

import numpy as np

from ml.text.lists import Code, CodingLists, Term
from ml.text.patterns import Pattern
from ml.text.reader import BETWEEN, Batch, Floats, Hit, Judged, Reader, lay_out, read_vectors
from ml.text.scope import Scope, any_of
from ml.text.words import Words

PORTION: Final = 4_000  # words, blanks between texts included
OFTEN: Final = 200  # times that a word was met
NEAR: Final = 12  # words before a term within which something may make it another thing
LONGEST_SPAN: Final = 8  # words of evidence where only the reader sees it
FAINTER: Final = 2.5  # how much less than the strongest word a neighbour may say and still be shown
READ: Final = "read in the sentence"


class Coded(NamedTuple):
    """A code that a text shows, whether it happened, who did it, by which term and rule.

    Where it stands is counted in words while it is read, and in characters once it is told.
    """

    code: str
    start: int
    end: int
    polarity: str
    actor: str
    rule: str


Candidate = tuple[int, int, int, str, bool]  # code, first word, past the last, term, whether a thing


class _Detector:
    """The terms of one code that begin with the same words, made ready when first asked."""

    __slots__ = ("match", "number", "patterns", "terms", "things")

    def __init__(self, number: int, members: tuple[tuple[str, str, bool], ...]) -> None:
        names, expressions, things = zip(*members, strict=True)
        self.number: int = number
        self.terms: tuple[str, ...] = names  # by group of the expression
        self.things: tuple[bool, ...] = things
        self.patterns: tuple[str, ...] = expressions
        self.match: Callable[[str, int], re.Match[str] | None] = self._match_first

    def _match_first(self, symbols: str, at: int) -> re.Match[str] | None:
        self.match = re.compile("|".join(f"({each})" for each in self.patterns)).match
        return self.match(symbols, at)


class _Begun:
    """The terms that begin with a word.

    Of a word that comes often it is asked first whether any of them goes on as the text does: that is one
    question for many, and takes longer to make ready than a rare word is worth.
    """

    __slots__ = ("asked", "detectors", "follows", "rests")

    def __init__(self, detectors: tuple[_Detector, ...], rests: tuple[str, ...]) -> None:
        self.detectors, self.rests, self.asked = detectors, rests, 0
        self.follows: Callable[[str, int], object] = self._try_all

    def _try_all(self, symbols: str, at: int) -> object:
        self.asked += 1
        if self.asked == OFTEN:
            self.follows = _any_follows(self.rests)
        return True


@dataclass(frozen=True, slots=True)
class _Bars:
    """What in or around a term makes it another thing altogether."""

    here: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    within: re.Pattern[str]

    def bar(self, text: str, start: int, end: int) -> bool:
        return (
            self.here.match(text, start) is not None
            or self.after.match(text, end) is not None
            or self.before.search(text, max(0, start - NEAR), start) is not None
            or self.within.search(text, start, end) is not None
        )


class Coder:
    """One version of the lists and the reader, ready to code texts."""

    def __init__(self, lists: CodingLists, reader: Reader | None) -> None:
        lists.alphabet.know(read_vectors().words)
        self.lists, self.reader = lists, reader
        self.words, self.scope = Words(lists.alphabet), Scope(lists)
        self._bars = [_bars(code) for code in lists.codes]
        self._detectors = self._by_first_word()
        self._number = {name: n for n, name in enumerate(reader.codes)} if reader else {}

    def _by_first_word(self) -> dict[str, _Begun]:
        """For each word the terms that begin with it, code by code."""
        groups: dict[str, dict[int, list[tuple[Term, Pattern, bool]]]] = {}
        for number, code in enumerate(self.lists.codes):
            for term in code.terms:
                for pattern, thing in [(p, False) for p in term.patterns] + [(p, True) for p in term.things]:
                    for symbol in pattern.starts:
                        groups.setdefault(symbol, {}).setdefault(number, []).append((term, pattern, thing))
        found: dict[str, _Begun] = {}
        for symbol, of_codes in groups.items():
            rests = sorted({pattern.rest for members in of_codes.values() for _, pattern, _ in members})
            detectors = [
                _detector(
                    number, tuple((t.name, p.expression, thing) for t, p, thing in _longest_first(members))
                )
                for number, members in of_codes.items()
            ]
            found[symbol] = _Begun(tuple(detectors), tuple(rests))
        return found

    def detect(self, symbols: str) -> list[Candidate]:
        """Candidates of every code, not yet read in their context."""
        found: list[Candidate] = []
        ends: dict[int, int] = {}
        detectors_of = self._detectors.get
        for start, symbol in enumerate(symbols):
            begun = detectors_of(symbol)
            if begun is None or begun.follows(symbols, start + 1) is None:
                continue
            for detector in begun.detectors:
                if ends.get(detector.number, 0) > start:
                    continue
                hit = detector.match(symbols, start)
                bars = self._bars[detector.number]
                if hit is None or (bars is not None and bars.bar(symbols, start, hit.end())):
                    continue
                ends[detector.number] = hit.end()
                nth = (hit.lastindex or 1) - 1
                found.append((detector.number, start, hit.end(), detector.terms[nth], detector.things[nth]))
        return found

    def _see(self, symbols: str, found: Sequence[Candidate]) -> Iterator[Coded]:
        """The candidates as the rules of scope read them."""
        stops = [-1, *self.scope.stops(symbols), len(symbols)]
        nth, unreal = 1, (-1, "")
        for number, start, end, term, thing in found:
            while stops[nth] < start:
                nth += 1
            last = nth
            while stops[last] < end:
                last += 1
            code, sentence = self.lists.codes[number], (stops[nth - 1] + 1, stops[last])
            reading = self.scope.read(symbols, code, sentence, start, end, thing=thing)
            if reading.polarity == "affirmed":
                listed = self.scope.goes_on_as(symbols, unreal, sentence, start)
                reading = reading._replace(polarity=listed, rule="listed") if listed else reading
            if reading.polarity in ("negated", "hypothetical"):
                unreal = (end, reading.polarity)
            rule = f"{term}; {reading.rule}" if reading.rule else term
            yield Coded(code.name, start, end, reading.polarity, reading.actor, rule)
            for implied in code.implies:
                yield Coded(implied, start, end, reading.polarity, reading.actor, f"{code.name}: {rule}")

    def seen(self, text: str, codes: Sequence[str]) -> list[Hit]:
        """What the lists alone see of these codes, as the reader is told it."""
        symbols = self.words.symbols(text)
        return _told(self._see(symbols, self.detect(symbols)), {name: n for n, name in enumerate(codes)})

    def code(self, text: str) -> list[Coded]:
        """Every code that the text shows, in order of place."""
        return self.code_many([text])[0]

    def code_many(self, texts: Sequence[str]) -> list[list[Coded]]:
        """Every code that each text shows."""
        symbols = [self.words.symbols(text) for text in texts]
        seen = [list(self._see(each, self.detect(each))) for each in symbols]
        if self.reader is not None:
            # where no term of any list is seen there is next to nothing to read
            chosen = [n for n, each in enumerate(seen) if each]
            for part in _in_portions(symbols, chosen):
                read = self._read(self.reader, [symbols[n] for n in part], [seen[n] for n in part])
                for n, each in zip(part, read, strict=True):
                    seen[n] = each
        return [self._placed(text, codes) if codes else [] for text, codes in zip(texts, seen, strict=True)]

    def _read(self, reader: Reader, symbols: Sequence[str], seen: Sequence[list[Coded]]) -> list[list[Coded]]:
        """What the reader, who hears what the lists see, makes of each sentence."""
        batch = lay_out(symbols, [_told(each, self._number) for each in seen], reader.features)
        judged = reader.judge(batch)
        said = _said(batch, judged, reader.bars, len(symbols))
        bounds = np.searchsorted(batch.text, np.arange(len(symbols) + 1)).tolist()
        sentences = batch.sentences.tolist()
        begin, read = BETWEEN, list[list[Coded]]()
        for text, (each, tells) in enumerate(zip(seen, said, strict=True)):
            length = len(symbols[text])
            if each or tells:
                begins = [at - begin for at in sentences[bounds[text] : bounds[text + 1]]]
                words = judged.words[begin : begin + length]
                each = sorted(self._as_read(each, tells, [*begins, length], words), key=_by_place)
            read.append(each)
            begin += length + BETWEEN
        return read

    def _as_read(
        self, seen: Sequence[Coded], tells: set[tuple[int, int]], begins: Sequence[int], words: Floats
    ) -> Iterator[Coded]:
        shown: set[tuple[int, int]] = set()
        turned: dict[tuple[int, int], Coded] = {}
        for one in seen:
            number = self._number.get(one.code)
            if number is None:
                yield one
                continue
            place = (bisect_right(begins, one.start) - 1, number)
            if one.polarity == "affirmed" and place in tells:
                shown.add(place)
                yield one
            elif one.polarity != "affirmed":
                turned.setdefault(place, one)
                yield one
        for sentence, number in sorted(tells - shown):
            other = turned.get((sentence, number))
            if other is not None:
                yield other._replace(polarity="affirmed", actor="unknown", rule=f"{other.rule}; {READ}")
            else:
                start, end = _strongest(
                    words[begins[sentence] : begins[sentence + 1], number], begins[sentence]
                )
                yield Coded(self.reader_codes[number], start, end, "affirmed", "unknown", READ)

    @property
    def reader_codes(self) -> tuple[str, ...]:
        """The codes that the reader judges."""
        return self.reader.codes if self.reader else ()

    def _placed(self, text: str, seen: Sequence[Coded]) -> list[Coded]:
        places = self.words.places(text, [place for one in seen for place in (one.start, one.end - 1)])
        return [one._replace(start=places[one.start][0], end=places[one.end - 1][1]) for one in seen]


def _in_portions(symbols: Sequence[str], chosen: Sequence[int]) -> Iterator[list[int]]:
    """Which texts the reader reads at once: as many words as stay near the processor."""
    part, words = list[int](), 0
    for n in chosen:
        part.append(n)
        words += len(symbols[n]) + BETWEEN
        if words >= PORTION or n == chosen[-1]:
            yield part
            part, words = [], 0


def _by_place(one: Coded) -> tuple[int, int, str]:
    return one.start, one.end, one.code


def _told(seen: Sequence[Coded] | Iterator[Coded], number: dict[str, int]) -> list[Hit]:
    return [
        (number[one.code], one.start, one.end, one.polarity == "affirmed")
        for one in seen
        if one.code in number
    ]


def _said(batch: Batch, judged: Judged, bars: Floats, texts: int) -> list[set[tuple[int, int]]]:
    """For each text the sentences that tell a code, counted from its own first."""
    said: list[set[tuple[int, int]]] = [set() for _ in range(texts)]
    first = np.searchsorted(batch.text, np.arange(texts))
    for sentence, code in np.argwhere(judged.chance > bars).tolist():
        text = int(batch.text[sentence])
        said[text].add((sentence - int(first[text]), code))
    return said


def _strongest(words: Floats, begin: int) -> tuple[int, int]:
    """The stretch of words that speaks most for a code."""
    top = int(np.argmax(words))
    start, end = top, top + 1
    while end - start < LONGEST_SPAN:
        before = words[start - 1] if start > 0 else -np.inf
        after = words[end] if end < len(words) else -np.inf
        if max(before, after) < words[top] - FAINTER:
            break
        start, end = (start - 1, end) if before > after else (start, end + 1)
    return begin + start, begin + end


def _bars(code: Code) -> _Bars | None:
    told = (code.unless, code.unless_before, code.unless_after, code.unless_within)
    if not any(told):
        return None
    return _Bars(any_of(told[0]), any_of(told[1], ending=True), any_of(told[2]), any_of(told[3]))


@cache
def _any_follows(rests: tuple[str, ...]) -> Callable[[str, int], object]:
    """Whether any of these follows: one question where there were several."""
    return re.compile("|".join(rests)).match


def _longest_first(members: Sequence[tuple[Term, Pattern, bool]]) -> list[tuple[Term, Pattern, bool]]:
    return sorted(members, key=lambda member: -member[1].words)


@cache
def _detector(number: int, members: tuple[tuple[str, str, bool], ...]) -> _Detector:
    """Words that begin the same terms share it."""
    return _Detector(number, members)
