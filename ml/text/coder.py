"""Codes one text: terms are found by the word they begin with, then the words around decide."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from ml.text.lists import Code, CodingLists, Term
from ml.text.patterns import Pattern
from ml.text.scope import Scope, any_of
from ml.text.words import Words


@dataclass(frozen=True, slots=True)
class Coded:
    """A code that a text shows: where, whether it happened, who did it, by which term and rule."""

    code: str
    start: int
    end: int
    polarity: str
    actor: str
    rule: str


NEAR = 12  # words before a term within which something may make it another thing
Candidate = tuple[int, int, int, str, bool]  # code, first word, past the last, term, whether a thing


@dataclass(frozen=True, slots=True)
class _Detector:
    """The terms of one code that begin with the same words."""

    number: int
    match: re.Pattern[str]
    terms: tuple[str, ...]  # by group of the expression
    things: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class _Bars:
    """What around a term makes it another thing altogether."""

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
    """One version of the lists, ready to code texts."""

    def __init__(self, lists: CodingLists) -> None:
        self.lists = lists
        self.words = Words(lists.alphabet)
        self.scope = Scope(lists)
        self._bars = [_bars(code) for code in lists.codes]
        self._implied = [tuple(code.implies) for code in lists.codes]
        self._detectors = self._by_first_word()

    def _by_first_word(self) -> dict[str, tuple[_Detector, ...]]:
        groups: dict[tuple[int, str], list[tuple[Term, Pattern, bool]]] = {}
        for number, code in enumerate(self.lists.codes):
            for term in code.terms:
                for pattern in (*term.patterns, *term.things):
                    for symbol in pattern.starts:
                        of_symbol = groups.setdefault((number, symbol), [])
                        of_symbol.append((term, pattern, pattern in term.things))
        found: dict[str, list[_Detector]] = {}
        for (number, symbol), members in groups.items():
            longest_first = sorted(members, key=lambda member: -len(member[1].expression))
            found.setdefault(symbol, []).append(
                _detector(number, tuple((t.name, p.expression, thing) for t, p, thing in longest_first))
            )
        return {symbol: tuple(detectors) for symbol, detectors in found.items()}

    def detect(self, symbols: str) -> list[Candidate]:
        """Candidates: the number of the code, first and last word, the term; not yet read in their context."""
        found: list[Candidate] = []
        ends: dict[int, int] = {}
        for start, symbol in enumerate(symbols):
            for detector in self._detectors.get(symbol, ()):
                if ends.get(detector.number, 0) > start:
                    continue
                hit = detector.match.match(symbols, start)
                if hit is None or self._bars[detector.number] is not None and self._barred(detector.number, symbols, start, hit.end()):
                    continue
                ends[detector.number] = hit.end()
                nth = (hit.lastindex or 1) - 1
                found.append((detector.number, start, hit.end(), detector.terms[nth], detector.things[nth]))
        return found

    def _barred(self, number: int, symbols: str, start: int, end: int) -> bool:
        bars = self._bars[number]
        return bars is not None and bars.bar(symbols, start, end)

    def code(self, text: str) -> list[Coded]:
        """Every code that the text shows, in order of place."""
        symbols = self.words.symbols(text)
        found = self.detect(symbols)
        return list(self._in_context(text, symbols, found)) if found else []

    def _in_context(self, text: str, symbols: str, found: list[Candidate]) -> Iterator[Coded]:
        places = self.words.places(text)
        stops = [-1, *self.scope.stops(symbols), len(symbols)]
        nth, unreal = 1, (-1, "")
        for number, start, end, term, thing in found:
            while stops[nth] < start:
                nth += 1
            last = nth
            while stops[last] < end:
                last += 1
            code = self.lists.codes[number]
            sentence = (stops[nth - 1] + 1, stops[last])
            reading = self.scope.read(symbols, code, sentence, start, end, thing=thing)
            if reading.polarity == "affirmed":
                listed = self.scope.goes_on_as(symbols, unreal, sentence, start)
                reading = replace(reading, polarity=listed, rule="listed") if listed else reading
            if reading.polarity in ("negated", "hypothetical"):
                unreal = (end, reading.polarity)
            rule = f"{term}; {reading.rule}" if reading.rule else term
            first, past = places[start][0], places[end - 1][1]
            yield Coded(code.name, first, past, reading.polarity, reading.actor, rule)
            for implied in self._implied[number]:
                yield Coded(implied, first, past, reading.polarity, reading.actor, f"{code.name}: {rule}")


def _bars(code: Code) -> _Bars | None:
    told = (code.unless, code.unless_before, code.unless_after, code.unless_within)
    if not any(told):
        return None
    return _Bars(any_of(told[0]), any_of(told[1], ending=True), any_of(told[2]), any_of(told[3]))


@lru_cache(maxsize=None)
def _detector(number: int, members: tuple[tuple[str, str, bool], ...]) -> _Detector:
    """One expression with a group for each pattern; words that begin the same terms share it."""
    names, expressions, things = zip(*members, strict=True)
    return _Detector(number, re.compile("|".join(f"({each})" for each in expressions)), names, things)
