"""Which texts cannot be coded, and why: said for each, so that none is lost in silence."""

from __future__ import annotations

import re
from typing import Final

from ml.text.patterns import ANY_WORD, NAME
from ml.text.words import Words

LONGEST: Final = 100_000  # characters; nothing that an officer writes comes near it
FEWEST: Final = 6  # words before a language can be told
ENGLISH: Final = 0.35  # of the words are known in English prose, however badly typed
UNREADABLE: Final = 0.3  # of the characters are none

_CONTROL: Final = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)], " ") | {9: "\t", 10: "\n", 13: "\r"}
_KNOWN = re.compile(r"[\u3400-\uffff]+")
_LETTERS = re.compile(r"[^\W\d_]")


def readable(text: str) -> str:
    """The text with blanks for control characters, so that every place stays where it was."""
    return text.translate(_CONTROL)


def why_passed_over(text: str | None, words: Words) -> str | None:
    """Why this text is not coded; None where it is."""
    if text is None or not text.strip():
        return "empty"
    if len(text) > LONGEST:
        return f"longer than {LONGEST:,} characters"
    if text.count("\ufffd") > UNREADABLE * len(text) or not _LETTERS.search(text):
        return "no readable words"
    symbols = words.symbols(text)
    known = len(symbols) - len(_KNOWN.sub("", symbols))
    every = known + symbols.count(ANY_WORD) + symbols.count(NAME)
    if every >= FEWEST and known < ENGLISH * every:
        return "not in English"
    return None
