"""Whether what a term says happened, and who did it: rules asked of the words around a hit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ml.text.lists import Code, CodingLists, ScopeRule
from ml.text.patterns import DASH, STOP, Pattern, one_of

PERSONS: Final = ("suspect", "victim", "officer", "other")
FAR: Final = 40  # words; nothing farther off bears on a term
_NOBODY = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Reading:
    """How one hit is to be read: whether it happened, by whom, and by which rule."""

    polarity: str
    actor: str
    rule: str | None


def any_of(patterns: Sequence[Pattern], *, ending: bool = False) -> re.Pattern[str]:
    """One expression for any of these; `ending` where it must reach right up to a term."""
    if not patterns:
        return _NOBODY
    joined = "|".join(pattern.expression for pattern in patterns)
    return re.compile(rf"(?:{joined})\Z" if ending else joined)


@dataclass(frozen=True, slots=True)
class _Rule:
    told: ScopeRule
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    within: re.Pattern[str] | None

    def concerns(self, code: str) -> bool:
        return code not in self.told.never and (not self.told.only or code in self.told.only)

    def holds(self, text: str, begin: int, start: int, end: int, stop: int) -> bool:
        return (
            (self.before is not None and self.before.search(text, begin, start) is not None)
            or (self.after is not None and self.after.match(text, end, stop) is not None)
            or (self.within is not None and self.within.search(text, start, end) is not None)
        )


class Scope:
    """The rules of one version of the lists, ready to be asked."""

    def __init__(self, lists: CodingLists) -> None:
        named = lists.alphabet.lists
        self._stops = re.compile(one_of(STOP + DASH))
        self._who = {symbol: who for who in PERSONS for symbol in named[f"is_{who}"]}
        self._persons = re.compile(one_of("".join(self._who) + named["he"] + named["me"] + named["i"]))
        self._he, self._i, self._me = set(named["he"]), set(named["i"]), set(named["me"])
        self._goes_on = set(named["auxiliary"] + named["adverb"] + named["verb"] + named["reporting"])
        self._verbs = set(named["verb"])
        self._towards = set(named["preposition"])
        self._being = set(named["being"])
        self._past = set(named["past"])
        self._by = re.compile(f"[^{STOP}{DASH}]{{0,6}}?{one_of(named['by'])}[^{STOP}{DASH}]{{0,2}}?({one_of(''.join(self._who) + named['him'])})")
        self._him = set(named["him"])
        self._rules = {code.name: self._rules_of(lists, code) for code in lists.codes}

    @staticmethod
    def _rules_of(lists: CodingLists, code: Code) -> tuple[_Rule, ...]:
        made = (
            _Rule(
                rule,
                any_of(rule.before, ending=True) if rule.before else None,
                any_of(rule.after) if rule.after else None,
                any_of(rule.within) if rule.within else None,
            )
            for rule in lists.rules
        )
        return tuple(rule for rule in made if rule.concerns(code.name))

    def stops(self, text: str) -> list[int]:
        """Where sentences end."""
        return [found.start() for found in self._stops.finditer(text)]

    def read(
        self, text: str, code: Code, sentence: tuple[int, int], start: int, end: int, *, thing: bool
    ) -> Reading:
        """How the words from start to end of this sentence are meant."""
        begin, stop = max(sentence[0], start - FAR), min(sentence[1], end + FAR)
        for rule in self._rules[code.name]:
            if rule.holds(text, begin, start, end, stop):
                actor = rule.told.actor or (code.by if code.by in ("victim", "officer") else "suspect")
                return Reading(rule.told.polarity, actor, rule.told.name)
        if code.by == "anyone":
            return Reading("affirmed", "suspect", None)
        if thing:
            actor = self._named_after(text, end, stop) or "unknown"
        else:
            actor = self._doer(text, code, begin, start, end, stop)
        if actor == "unknown" or actor == code.by:
            return Reading("affirmed", actor if actor != "unknown" or code.by == "suspect" else code.by, None)
        return Reading("other_actor", actor, f"by {actor}")

    def _doer(self, text: str, code: Code, begin: int, start: int, end: int, stop: int) -> str:
        """Who did it, or whose state it is."""
        if code.by != "suspect":
            return self._subject(text, begin, start) or code.by
        if start > begin and text[start - 1] in self._being and text[start] in self._past:
            named = self._named_after(text, end, stop)
            if named:
                return named
            at = self._nearest(text, begin, start - 1)
            return "other" if at is not None and self._who.get(text[at]) == "suspect" else "unknown"
        subject = self._told_within(text, start) or self._subject(text, begin, start)
        if subject is None and start - begin <= 1 and begin > 0:
            before = self._sentence_before(text, begin)
            subject = self._subject(text, before, begin - 1) if before is not None else None
            return "officer" if subject == "officer" else "unknown"
        return subject or "unknown"

    def _told_within(self, text: str, start: int) -> str | None:
        """The person with whom the term itself begins."""
        first = text[start]
        if first in self._he:
            return "suspect"
        return "victim" if first in self._i else self._who.get(first)

    def _named_after(self, text: str, end: int, stop: int) -> str | None:
        """Who is named after `by` or `from`."""
        doer = self._by.match(text, end, stop)
        if doer is None:
            return None
        return "suspect" if doer.group(1) in self._him else self._who[doer.group(1)]

    def _nearest(self, text: str, begin: int, start: int) -> int | None:
        places = [person.start() for person in self._persons.finditer(text, begin, start)]
        return places[-1] if places else None

    def _sentence_before(self, text: str, begin: int) -> int | None:
        ends = [found.start() for found in self._stops.finditer(text, 0, begin - 1)]
        return ends[-1] + 1 if ends else 0

    def _subject(self, text: str, begin: int, start: int) -> str | None:
        """The nearest person before the words who does something there."""
        found = [person.start() for person in self._persons.finditer(text, begin, start)]
        for at in reversed(found):
            symbol = text[at]
            if symbol in self._he:
                return self._meant_by_he(text, begin, at, found)
            if symbol in self._i:
                return "victim"
            if symbol in self._me:
                continue
            follows = text[at + 1] if at + 1 < len(text) else STOP
            if at + 1 == start or follows in self._goes_on:
                if at > begin and text[at - 1] in self._towards and at + 1 != start:
                    continue
                return self._who[symbol]
        return None

    def _meant_by_he(self, text: str, begin: int, at: int, found: list[int]) -> str:
        """He is the suspect, unless somebody else was just said to do something."""
        for earlier in reversed([place for place in found if place < at]):
            who = self._who.get(text[earlier])
            if who in ("other", "officer") and text[earlier + 1] in self._goes_on:
                if earlier > begin and text[earlier - 1] in self._towards | self._verbs:
                    continue
                return who
            if who == "suspect":
                return "suspect"
        return "suspect"
