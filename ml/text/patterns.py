"""The small language of terms, compiled to expressions over symbols: one character stands for one word.

| written | means |
| --- | --- |
| `rang` | this word, however it is typed |
| `~phone` | every regular form of a verb |
| `+gift` | a noun, one or many |
| `<victim>` | any word of that list |
| `a\\|b\\|<c>` | any of these |
| `x?` | x or nothing |
| `!x` | what follows is not x |
| `..` `..5` | up to two words, up to five, within a clause |
| `--3` | up to three words, none of them a deed |
| `::5` | as `,,5`, but nobody says something |
| `,,5` | up to five words or commas, within a sentence |
| `_` | any one word |
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from ml.text.mistakes import TextError

FIRST_SYMBOL: Final = 0x3400  # characters that no other part of an expression needs
FIRST_READ: Final = 0x7000  # from here on: words that no list holds and the reader knows
LAST_READ: Final = 0xD7FF
ANY_WORD: Final = "\u00a1"  # a word that no list knows
NAME: Final = "\u00a2"  # a capitalised word that neither the lists nor the dictionary know
NUMBER: Final = "\u00a3"
COMMA: Final = "\u00a4"
STOP: Final = "\u00a5"
QUOTE: Final = "\u00a6"
BRACKET: Final = "\u00a7"
COLON: Final = "\u00a8"
DASH: Final = "\u00a9"
QUESTION: Final = "\u00aa"
ENDS: Final = STOP + DASH + QUESTION
BUILT_IN: Final[Mapping[str, str]] = {
    "number": NUMBER, "name": NAME, "comma": COMMA, "quote": QUOTE, "colon": COLON,
    "bracket": BRACKET, "dash": DASH, "unknown": ANY_WORD, "stop": STOP,
    "question": QUESTION,
}  # fmt: skip

_VOWELS = "aeiou"
_GAP = re.compile(r"(\.\.|,,|--|::)(\d*)")


def verb_forms(verb: str) -> list[str]:
    """The regular forms of a verb: phone, phones, phoned, phoning."""
    if verb.endswith("e"):
        return [verb, verb + "s", verb + "d", verb[:-1] + "ing"]
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        return [verb, verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"]
    third = verb + ("es" if verb.endswith(("s", "x", "ch", "sh", "z")) else "s")
    stem = verb
    if re.fullmatch(r"[^aeiou]*[aeiou][^aeiouwxy]", verb) or (verb.endswith("l") and verb[-2] in _VOWELS):
        stem = verb + verb[-1]
    return [verb, third, stem + "ed", stem + "ing"]


def noun_forms(noun: str) -> list[str]:
    """One and many: gift, gifts."""
    if noun.endswith("y") and noun[-2] not in _VOWELS:
        return [noun, noun[:-1] + "ies"]
    return [noun, noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")]


def forms(written: str) -> list[str]:
    """The words that one written word stands for."""
    if written.startswith("~"):
        return verb_forms(written[1:])
    return noun_forms(written[1:]) if written.startswith("+") else [written]


@dataclass
class Alphabet:
    """A symbol for each word that any list or term names."""

    symbols: dict[str, str] = field(default_factory=dict[str, str])
    lists: dict[str, str] = field(default_factory=lambda: dict(BUILT_IN))
    read: dict[str, str] = field(default_factory=dict[str, str])

    def symbol(self, word: str) -> str:
        """The character that stands for the word."""
        return self.symbols.setdefault(word, chr(FIRST_SYMBOL + len(self.symbols)))

    def know(self, words: Iterable[str]) -> None:
        """Give the words that the reader knows a symbol too; to the lists they stay any word."""
        for word in words:
            if word not in self.symbols and FIRST_READ + len(self.read) <= LAST_READ:
                self.read.setdefault(word, chr(FIRST_READ + len(self.read)))

    def name_list(self, name: str, words: Iterable[str]) -> None:
        """Remember a list of words and of other lists."""
        self.lists[name] = "".join(dict.fromkeys("".join(self._of(word, name) for word in words)))

    def _of(self, written: str, where: str) -> str:
        if written.startswith("<") and written.endswith(">"):
            if written[1:-1] not in self.lists:
                raise TextError(f"{where}: there is no list of words called {written}")
            return self.lists[written[1:-1]]
        if not re.fullmatch(r"[~+]?[a-z0-9/&']+", written):
            raise TextError(f"{where}: {written!r} is neither a word nor a list of words")
        return "".join(self.symbol(form) for form in forms(written))

    def any_of(self, written: str, where: str) -> str:
        """The characters of `a|b|<c>`."""
        return "".join(dict.fromkeys("".join(self._of(part, where) for part in written.split("|"))))

    def inside(self) -> str:
        """What a gap within a clause may not cross."""
        return ENDS + COMMA + QUOTE + BRACKET


def one_of(characters: str) -> str:
    """An expression for any one of these characters."""
    if len(characters) == 1 and characters != ANY_WORD:
        return characters
    read = f"{chr(FIRST_READ)}-{chr(LAST_READ)}" if ANY_WORD in characters else ""
    return f"[{_in_ranges(characters)}{read}]"


def _in_ranges(characters: str) -> str:
    """Words that one list gave their symbols stand side by side, and are quicker to compile as a range."""
    places = sorted(map(ord, characters))
    firsts = [place for n, place in enumerate(places) if n == 0 or places[n - 1] != place - 1]
    lasts = [place for n, place in enumerate(places) if n + 1 == len(places) or places[n + 1] != place + 1]
    return "".join(
        chr(a) if a == b else f"{chr(a)}-{chr(b)}" if b > a + 1 else chr(a) + chr(b)
        for a, b in zip(firsts, lasts, strict=True)
    )


@dataclass(frozen=True)
class Pattern:
    """One spelling of a term: the characters it may begin with, and the expression."""

    starts: str
    expression: str
    rest: str = ""  # the expression after its first word
    words: int = 0  # how many it asks for, gaps included


def compile_pattern(alphabet: Alphabet, written: str, where: str, *, beside: bool = False) -> list[Pattern]:
    """The pattern as expressions that each begin with a word; what may be left out in front makes two.

    A pattern of what stands beside a term may begin with a gap.
    """
    items = written.split()
    if not items:
        raise TextError(f"{where}: an empty pattern")
    if beside:
        return [Pattern("", "".join(_item(alphabet, item, where) for item in items))]
    first = items[0]
    if first.endswith("?"):
        rest = compile_pattern(alphabet, " ".join(items[1:]), where)
        return [*compile_pattern(alphabet, " ".join([first[:-1], *items[1:]]), where), *rest]
    if first == "_" or first.startswith("!") or _GAP.fullmatch(first):
        raise TextError(f"{where}: {written!r} must begin with a word")
    starts = alphabet.any_of(first, where)
    rest = "".join(_item(alphabet, item, where) for item in items[1:])
    return [Pattern(starts, one_of(starts) + rest, rest, len(items))]


def _item(alphabet: Alphabet, item: str, where: str) -> str:
    gap = _GAP.fullmatch(item)
    if gap:
        barred = (ENDS if gap.group(1) in (",,", "::") else alphabet.inside()) + alphabet.lists.get("not", "")
        if gap.group(1) == "::":
            barred += alphabet.lists.get("says", "")
        if gap.group(1) == "--":
            barred += alphabet.lists.get("deed", "") + alphabet.lists.get("subject", "")
        return f"[^{barred}]{{0,{gap.group(2) or 2}}}?"
    if item == "_":
        return f"[^{ENDS}{COMMA}]"
    if item.startswith("!"):
        return f"(?!{one_of(alphabet.any_of(item[1:], where))})"
    if item.endswith("?"):
        return one_of(alphabet.any_of(item[:-1], where)) + "?"
    return one_of(alphabet.any_of(item, where))
