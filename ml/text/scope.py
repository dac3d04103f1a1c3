"""Whether what a term says happened, and who did it: rules asked of the words around a hit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from ml.text.lists import Code, CodingLists, ScopeRule
from ml.text.patterns import ANY_WORD, COMMA, ENDS, NAME, QUESTION, Pattern, one_of

PERSONS: Final = ("suspect", "victim", "officer", "other")
FAR: Final = 40  # words; nothing farther off bears on a term
_NOBODY = re.compile(r"(?!)")


class Reading(NamedTuple):
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
        self._stops = re.compile(one_of(ENDS))
        self._who = dict.fromkeys(named["is_role"], "suspect")
        self._who |= {symbol: who for who in PERSONS for symbol in named[f"is_{who}"]}
        self._persons = re.compile(
            one_of("".join(self._who) + named["he"] + named["me"] + named["i"] + named["objects"])
        )
        self._he, self._i, self._me = set(named["he"]), set(named["i"]), set(named["me"])
        self._goes_on = set(named["auxiliary"] + named["adverb"] + named["verb"]) - set(named["reporting"])
        self._light = set(named["auxiliary"] + named["adverb"]) - set(named["reporting"])
        self._named = set(NAME + ANY_WORD) | set(lists.alphabet.read.values())
        self._saying = set(named["saying"])
        self._verbs = set(named["verb"])
        self._towards = set(named["preposition"])
        self._she, self._hers = set(named["she"]), set(named["of_her"])
        self._he_alone, self._of_him = set(named["he_alone"]), set(named["of_him"])
        self._woman_suspect, self._man_suspect = any_of(lists.women), any_of(lists.men)
        self._to_suspect = re.compile(f"[^{ENDS}{COMMA}]{{0,1}}?{one_of(named['is_suspect'])}")
        self._would_do = re.compile(one_of(named["he"] + named["i"] + named["will"]))
        self._roles: tuple[str, str] = ("", "")
        self._being = set(named["being"])
        self._past = set(named["past"])
        self._by = re.compile(
            f"[^{ENDS}]{{0,6}}?{one_of(named['by'])}[^{ENDS}]{{0,2}}?"
            f"({one_of(''.join(self._who) + named['him'])})"
        )
        self._him = set(named["him"])
        self._objects = set(named["objects"])
        self._my = set(named["my"] + named["me"])
        self._reports_that = set(named["reports_that"])
        self._no, self._yes, self._asks = (
            set(named["answer_no"]),
            set(named["answer_yes"]),
            set(named["asks"]),
        )
        self._connects = set(named["connects"])
        self._lists_on = set(named["lists_on"])
        self._ors, self._ands, self._nots = set(named["ors"]), set(named["ands"]), set(named["not"])
        self._barriers = set(named["barrier"])
        self._whose = set(named["hers"]) - {NAME}
        self._couple, self._new, self._ex = set(named["couple"]), set(named["new"]), set(named["ex"])
        self._called = re.compile(one_of(named["called_suspect"]))
        self._receives = set(named["receives"])
        self._things_come = set(named["things_come"])
        self._officers_do = set(named["officers_do"])
        self._aside = set(named["aside"] + named["is_suspect"] + named["is_role"]) - set(named["ex"])
        self._bys = set(named["by"])
        self._suspects = re.compile(one_of(named["is_suspect"]))
        self._sent_by = frozenset({"calls_or_texts", "online_contact", "love_bombing", "threat_physical",
            "threat_self_harm", "threat_property", "threat_sexual"})  # fmt: skip
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
        if text[stop : stop + 1] == QUESTION and (asked := self._asked(text, sentence)):
            return Reading(asked, code.by if code.by in ("victim", "officer") else "suspect", "asked")
        for rule in self._rules[code.name]:
            if rule.holds(text, begin, start, end, stop):
                actor = rule.told.actor or (code.by if code.by in ("victim", "officer") else "suspect")
                return Reading(rule.told.polarity, actor, rule.told.name)
        if code.by == "anyone" or code.free:
            return Reading("affirmed", "suspect" if code.by == "anyone" else code.by, None)
        if thing or text[start] in self._receives:
            thing = True
            actor = self._named_after(text, end, stop) or "unknown"
        else:
            actor = self._doer(text, code, begin, start, end, stop)
        if (
            code.by == "suspect"
            and not thing
            and actor != "suspect"
            and self._to_suspect.match(text, start + 1, stop)
        ):
            actor = "victim"
        if actor == "unknown" or actor == code.by:
            return Reading("affirmed", actor if actor != "unknown" or code.by == "suspect" else code.by, None)
        return Reading("other_actor", actor, f"by {actor}")

    def goes_on_as(
        self, text: str, before: tuple[int, str], sentence: tuple[int, int], start: int
    ) -> str | None:
        """How these words are meant where they go on with a list of what was denied or feared."""
        last, polarity = before
        if sentence[0] <= last <= start and start - last <= 8:
            between = text[last:start]
            if all(symbol in self._connects for symbol in between) and any(
                s in self._lists_on for s in between
            ):
                return polarity
            if (
                polarity == "hypothetical"
                and between
                and all(symbol in self._connects | self._ands for symbol in between)
            ):
                return polarity
        return "negated" if self._denied_in_list(text, sentence, start) else None

    def _denied_in_list(self, text: str, sentence: tuple[int, int], start: int) -> bool:
        """He has not written, rung or come: what stands between `not` and `or` is denied."""
        begin = max(sentence[0], start - 14)
        at = next((place for place in range(start - 1, begin - 1, -1) if text[place] in self._nots), None)
        if at is None:
            return False
        before, ahead = text[at + 1 : start], text[start : min(sentence[1], start + 12)]
        if any(symbol in self._barriers or symbol in self._he for symbol in before):
            return False
        return any(s in self._ors for s in before) or (
            any(s == COMMA for s in before) and any(s in self._ors for s in ahead)
        )

    def _asked(self, text: str, sentence: tuple[int, int]) -> str | None:
        """What a question says: what its answer says, or nothing yet."""
        begin, stop = sentence
        answer = text[stop + 1 : stop + 2]
        if answer in self._no:
            return "negated"
        if answer in self._yes:
            return None
        return "hypothetical" if text[begin : begin + 1] in self._asks else None

    def _doer(self, text: str, code: Code, begin: int, start: int, end: int, stop: int) -> str:
        """Who did it, or whose state it is."""
        if code.by != "suspect":
            return self._subject(text, begin, start) or code.by
        if text[start] in self._past and self._named_after(text, end, stop) == "suspect":
            return "suspect"
        if start > begin and text[start - 1] in self._being and text[start] in self._past:
            named = self._named_after(text, end, stop)
            if named:
                return named
            at = self._nearest(text, begin, start - 1)
            return "other" if at is not None and self._who.get(text[at]) == "suspect" else "unknown"
        if code.name in self._sent_by and (named := self._named_after(text, end, stop)):
            return named
        subject = self._told_within(text, begin, start)
        if subject is None and code.name.startswith("threat_"):
            subject = self._speaker(text, begin, start, end)
        subject = subject or self._subject(text, begin, start)
        if subject is None and start - begin <= 1 and begin > 0:
            before = self._sentence_before(text, begin)
            subject = self._subject(text, before, begin - 1) if before is not None else None
            if subject == "officer" or (start == begin and text[start] in self._officers_do):
                return "officer"
            return "unknown"
        if subject is None and text[begin] in self._officers_do:
            return "officer"
        if subject is None and start > begin:
            at = start - 1
            while at > begin and text[at] in self._light:
                at -= 1
            if text[at] in self._things_come:
                return "other"
        return subject or "unknown"

    def _told_within(self, text: str, begin: int, start: int) -> str | None:
        """The person with whom the term itself begins."""
        first = text[start]
        if first in self._reports_that:
            outer = self._subject(text, begin, start)
            if outer is not None and outer != "victim":
                return outer
            first = next(
                (each for each in text[start + 1 : start + 3] if each in self._who or each in self._he), first
            )
        if first in self._he:
            return self._meant_by(text, start, start, [])
        return "victim" if first in self._i else self._who.get(first)

    def _speaker(self, text: str, begin: int, start: int, end: int) -> str | None:
        """Who threatens: whoever speaks, but not the victim who only tells of it."""
        subject = self._subject(text, begin, start)
        if subject != "victim":
            return subject
        at = self._nearest(text, begin, start)
        if at is not None and all(between in self._light for between in text[at + 1 : start]):
            return subject
        return "suspect" if self._would_do.search(text, start, end) else None

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
            symbol, next_ = text[at], self._after_name(text, at)
            beside = next_ >= start or all(between in self._light for between in text[next_:start])
            if symbol in self._he and not (symbol in self._objects and not beside):
                if not beside and at > begin and text[at - 1] in self._aside:
                    continue
                return self._meant_by(text, begin, at, found)
            if symbol in self._i:
                if not beside and at > begin and text[at - 1] in self._aside:
                    continue
                return "victim"
            if symbol in self._me or symbol in self._objects:
                if beside and symbol in self._him:
                    return "suspect"
                continue
            if text[start] in self._saying and next_ >= start - 6:
                return self._who_is(text, symbol)
            if not beside and at > begin and text[at - 1] in self._aside:
                continue
            if beside and any(each in self._bys for each in text[max(begin, at - 2) : at]):
                continue
            if beside or text[next_] in self._goes_on:
                if not beside and any(each in self._towards for each in text[max(begin, at - 2) : at]):
                    continue
                if self._who[symbol] == "other" and self._said_of_suspect(text, begin, at):
                    return "suspect"
                return self._who_is(text, symbol)
        return None

    def _somebody_new(self, text: str, symbol: str) -> bool:
        """A partner beside a suspect who is called so, or a new partner, is another person."""
        at = text.index(symbol)
        before = text[max(0, at - 2) : at]
        if any(each in self._new for each in before):
            return True
        if before[-1:] not in self._whose:
            return False
        return self._called.search(text) is not None and not any(each in self._ex for each in before)

    def _said_of_suspect(self, text: str, begin: int, at: int) -> bool:
        """The suspect is a former friend who ...: the friend is the suspect."""
        places = (person.start() for person in self._suspects.finditer(text, begin, at))
        return any(text[place + 1] in self._being for place in places)

    def _who_is(self, text: str, symbol: str) -> str:
        """A relative is the suspect in a text that names no other."""
        who = self._who[symbol]
        if symbol in self._couple and self._somebody_new(text, symbol):
            return "other"
        if who != "other" or self._suspects.search(text) is not None:
            return who
        he = next((place for place, each in enumerate(text) if each in self._he), len(text))
        return "other" if he < text.index(symbol) else "suspect"

    def _after_name(self, text: str, at: int) -> int:
        """The first word after a person and the name that may follow."""
        next_ = at + 1
        while next_ < len(text) and next_ <= at + 2 and text[next_] in self._named:
            next_ += 1
        return next_ if next_ < len(text) and text[next_] in self._goes_on else at + 1

    def suspect_is(self, text: str) -> str:
        """Whether the text speaks of the suspect as he or as she, where it tells."""
        if self._roles[0] == text:
            return self._roles[1]
        symbols = set(text)
        woman = sum(
            not self._of_the_suspect(text, found.start()) for found in self._woman_suspect.finditer(text)
        )
        man = len(self._man_suspect.findall(text))
        he = bool(symbols & (self._he_alone | self._of_him))
        she = bool(symbols & (self._she | self._hers))
        if woman != man:
            told = "she" if woman > man else "he"
        elif he and she:
            told = "he"
        else:
            told = ""
        self._roles = (text, told)
        return told

    def _of_the_suspect(self, text: str, at: int) -> bool:
        """Whether `his ex wife` is the victim: nobody is said to report it of him."""
        if at < 1 or text[at - 1] not in self._of_him:
            return False
        return at < 2 or text[at - 2] not in self._reports_that

    def _meant_by(self, text: str, begin: int, at: int, found: list[int]) -> str:
        """Whom he or she stands for: by sex where the text tells, else whoever was named last."""
        told, symbol = self.suspect_is(text), text[at]
        if (told == "he" and symbol in self._she) or (told == "she" and symbol in self._he_alone):
            return "victim"
        for earlier in reversed([place for place in found if place < at]):
            who = self._who.get(text[earlier])
            if who in ("other", "officer") and text[earlier + 1] in self._goes_on:
                if earlier > begin and text[earlier - 1] in self._towards | self._verbs:
                    continue
                return who
            if who == "suspect":
                return "suspect"
        if told or any(each in self._i or each in self._my for each in text):
            return "suspect"
        before = [person.group() for person in self._persons.finditer(text, max(0, at - FAR), at)]
        named = [self._who[person] for person in before if person in self._who]
        return "victim" if named and named[-1] == "victim" else "suspect"
