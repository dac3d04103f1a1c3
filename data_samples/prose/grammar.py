"""Reads the productions and refuses what is wrong with them.

Markup of a production, one to a line:
`{a|b}` a choice, `{@name}` a choice declared in slots.yml, `$name` a filler or a pronoun, `\\n` a line break,
`[words]` the words of the code the production stands under, `[code+code/polarity/actor: words]` any others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

import numpy as np
import yaml

from data_samples.prose.codes import (
    ACTORS,
    BEHAVIOURS,
    CODES,
    DEFAULT_ACTOR,
    POLARITIES,
    RIGHT_ACTORS,
    STYLES,
    THEMES,
    mask_of,
)

GRAMMAR = Path(__file__).parent / "grammar"
VARIANTS = 24  # most ways in which the choices of one production are spelt out

# What stands in where a request has no such string.
FILLERS: dict[str, str] = {
    "suspect_name": "SUS", "victim_name": "IP", "victim_forename": "IP", "suspect_forename": "SUS",
    "other_name": "a third party", "phone": "a withheld number", "place": "the address",
    "when": "an unknown time", "officer_number": "attending",
}  # fmt: skip
_FILLER_OF = {
    "SUS": "suspect_name", "VIC": "victim_name", "vic": "victim_forename", "sus": "suspect_forename",
    "other": "other_name", "phone": "phone", "place": "place", "when": "when", "officer": "officer_number",
}  # fmt: skip

# Female, male, unknown; the first group is the suspect's, the second the victim's.
_SUSPECT_WORDS: dict[str, tuple[str, str, str]] = {
    "he": ("she", "he", "they"), "him": ("her", "him", "them"), "his": ("her", "his", "their"),
    "himself": ("herself", "himself", "themselves"), "he_has": ("she has", "he has", "they have"),
    "he_is": ("she is", "he is", "they are"), "he_was": ("she was", "he was", "they were"),
    "male": ("female", "male", "person"), "man": ("woman", "man", "person"),
    "husband": ("wife", "husband", "spouse"), "boyfriend": ("girlfriend", "boyfriend", "partner"),
    "brother": ("sister", "brother", "sibling"), "father": ("mother", "father", "parent"),
    "son": ("daughter", "son", "child"),
}  # fmt: skip
_VICTIM_WORDS: dict[str, tuple[str, str, str]] = {
    "she": ("she", "he", "they"), "her": ("her", "him", "them"), "hers": ("her", "his", "their"),
    "herself": ("herself", "himself", "themselves"), "she_has": ("she has", "he has", "they have"),
    "she_is": ("she is", "he is", "they are"), "she_was": ("she was", "he was", "they were"),
    "female": ("female", "male", "person"), "woman": ("woman", "man", "person"),
    "wife": ("wife", "husband", "spouse"), "girlfriend": ("girlfriend", "boyfriend", "partner"),
    "sister": ("sister", "brother", "sibling"),
}  # fmt: skip

# A form is written by the officer or in the victim's own words; to the grammar these are two voices.
OWN_WORDS = "own_words"
VOICES = (*STYLES, OWN_WORDS)
OFFICERS_OWN = ("escalation_officer", "victim_doubted")  # no victim writes these
# A register is the way of writing that several styles share.
REGISTERS: dict[str, tuple[str, ...]] = {
    "any": STYLES,
    "terse": ("crime_mo", "log", "note", "incident"),
    "full": ("crime_mo", "form", "note", "incident"),
    "intel": ("intelligence",),
    "own_words": (OWN_WORDS,),
    "report": ("crime_mo", "incident", "intelligence"),
    **{style: (style,) for style in STYLES},
}

_CHOICE = re.compile(r"\{([^{}]*)\}")
_TOKEN = re.compile(r"\$([A-Za-z_]+)|\[(?:([a-z_+]+)?(?:/([a-z]+))?(?:/([a-z]+))?: )?|\]")
_VERB = re.compile(r"(\$([Hh]e|[Ss]he) (?:\[(?:[a-z_+/]+: )?)?)(?!always\b)([a-z]+s)\b")


class GrammarError(ValueError):
    """A production that cannot be compiled; the message names its file and text."""


@dataclass(frozen=True)
class Span:
    """One marked stretch: which boundary of which segment it starts and ends on."""

    code: int
    polarity: int
    actor: int
    start: tuple[int, int]
    end: tuple[int, int]


@dataclass(frozen=True)
class Segment:
    """A literal stretch (parts: text, or a pronoun's name after `$`) with its boundaries, or a filler."""

    filler: int
    parts: tuple[str, ...]
    bounds: tuple[int, ...]  # number of parts before each boundary


@dataclass(frozen=True)
class Variant:
    """One production with every choice made."""

    segments: tuple[Segment, ...]
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Production:
    """One line of the grammar, where it stands and what it says."""

    kind: str  # fact, joint, decoy, theme, opening, closing
    group: str  # the code, the scope, the theme: what it is listed under
    styles: tuple[str, ...]
    source: str
    text: str
    variants: tuple[Variant, ...]
    affirms: int  # codes affirmed by the right actor
    mentions: int  # codes marked at all
    negates: int


def _options(text: str, slots: dict[str, list[str]], where: str) -> tuple[list[str], list[list[str]]]:
    """The fixed stretches of a production and, between them, its choices."""
    fixed = _CHOICE.split(text)
    choices: list[list[str]] = []
    for chosen in fixed[1::2]:
        choices.append([])
        for option in chosen.split("|"):
            if option.startswith("@") and option[1:] not in slots:
                raise GrammarError(f"{where}: no slot called {option[1:]!r} in slots.yml")
            choices[-1] += slots[option[1:]] if option.startswith("@") else [option]
    if any("{" in piece or "}" in piece for piece in fixed[0::2]):
        raise GrammarError(f"{where}: unbalanced or nested braces")
    return fixed[0::2], choices


def _spelt_out(text: str, slots: dict[str, list[str]], where: str) -> list[str]:
    """The production with its choices made: all ways, or an evenly drawn few where there are many."""
    fixed, choices = _options(text, slots, where)
    sizes = [len(choice) for choice in choices]
    ways = int(np.prod(sizes, dtype=np.int64)) if sizes else 1
    # A step without a common factor visits distinct ways that differ in every choice.
    step = next(s for s in range(max(1, int(ways * 0.618)), ways + 2) if np.gcd(s, ways) == 1)
    spelt: list[str] = []
    for draw in range(min(ways, VARIANTS)):
        way, out = draw * step % ways, [fixed[0]]
        for choice, following in zip(choices, fixed[1:], strict=True):
            way, picked = divmod(way, len(choice))
            out += [choice[picked], following]
        spelt.append(" ".join("".join(out).split(" ")).replace("  ", " ").strip())
    return list(dict.fromkeys(spelt))


def _plural(verb: str) -> str:
    """The form of a verb that goes with `they`."""
    irregular = {"is": "are", "was": "were", "has": "have", "does": "do", "goes": "go", "cries": "cry"}
    ends_in_es = re.search(r"(ss|sh|ch|x)es$", verb) is not None
    return irregular.get(verb, verb[: -2 if ends_in_es else -1])


@cache
def word_forms(name: str) -> tuple[str, tuple[str, str, str]] | None:
    """Whose word a `$name` is, and its forms; None where there is no such word."""
    verb = re.fullmatch(r"(he|she)_verb_([a-z]+)", name)
    if verb:
        return verb.group(1), (verb.group(2), verb.group(2), _plural(verb.group(2)))
    low = name[0].lower() + name[1:]
    found = _SUSPECT_WORDS.get(low) or _VICTIM_WORDS.get(low)
    if found is None:
        return None
    forms = found if name == low else (*(form[0].upper() + form[1:] for form in found),)
    return "he" if low in _SUSPECT_WORDS else "she", cast("tuple[str, str, str]", forms)


def _mark(found: re.Match[str], owner: int, where: str) -> list[tuple[int, int, int]]:
    """Code, polarity and actor of each code named in a mark's head."""
    named, polarity, actor = found.group(2), found.group(3) or "affirmed", found.group(4)
    if named is None and owner < 0:
        raise GrammarError(f"{where}: a mark without a code outside a code's own list")
    codes = named.split("+") if named else [CODES[owner]]
    for value, allowed in [*((code, CODES) for code in codes), (polarity, POLARITIES)]:
        if value not in allowed:
            raise GrammarError(f"{where}: {value!r} is not one of {', '.join(allowed)}")
    if actor is not None and actor not in ACTORS:
        raise GrammarError(f"{where}: actor {actor!r} is not one of {', '.join(ACTORS)}")
    indices = [CODES.index(code) for code in codes]
    return [(c, POLARITIES.index(polarity), ACTORS.index(actor or DEFAULT_ACTOR[c])) for c in indices]


class _Builder:
    """Collects segments and spans while one spelt-out production is read from left to right."""

    def __init__(self) -> None:
        self.segments: list[tuple[int, list[str], list[int]]] = []
        self.spans: list[Span] = []
        self.open: tuple[list[tuple[int, int, int]], tuple[int, int]] | None = None

    def literal(self) -> tuple[int, list[str], list[int]]:
        if not self.segments or self.segments[-1][0] >= 0:
            self.segments.append((-1, [], []))
        return self.segments[-1]

    def boundary(self) -> tuple[int, int]:
        _, parts, bounds = self.literal()
        bounds.append(len(parts))
        return len(self.segments) - 1, len(bounds) - 1

    def variant(self) -> Variant:
        return Variant(
            tuple(Segment(filler, tuple(parts), tuple(bounds)) for filler, parts, bounds in self.segments),
            tuple(self.spans),
        )


def _read(text: str, owner: int, where: str) -> Variant:
    """Parse one production whose choices are made."""
    built, at = _Builder(), 0
    text = _VERB.sub(lambda m: f"{m.group(1)}${m.group(2).lower()}_verb_{m.group(3)}", text)
    fillers = list(FILLERS)
    for found in _TOKEN.finditer(text):
        if text[at : found.start()]:
            built.literal()[1].append(text[at : found.start()].replace("\\n", "\n"))
        at, name = found.end(), found.group(1)
        if name in _FILLER_OF:
            built.segments.append((fillers.index(_FILLER_OF[name]), [], []))
        elif name and word_forms(name):
            built.literal()[1].append(f"${name}")
        elif name:
            raise GrammarError(f"{where}: no filler or pronoun called ${name}")
        elif found.group() == "]":
            if built.open is None:
                raise GrammarError(f"{where}: a mark ends that never began")
            marks, start = built.open
            end = built.boundary()
            built.spans += [Span(code, polarity, actor, start, end) for code, polarity, actor in marks]
            built.open = None
        elif built.open is not None:
            raise GrammarError(f"{where}: a mark inside a mark")
        else:
            built.open = (_mark(found, owner, where), built.boundary())
    if built.open is not None:
        raise GrammarError(f"{where}: a mark is never closed")
    if text[at:]:
        built.literal()[1].append(text[at:].replace("\\n", "\n"))
    return built.variant()


def _affirmed(spans: tuple[Span, ...]) -> int:
    """The codes these spans affirm by the right actor."""
    return mask_of(
        *(CODES[s.code] for s in spans if s.polarity == 0 and ACTORS[s.actor] in RIGHT_ACTORS[s.code])
    )


def _check(production: Production, owner: int) -> None:
    """What a production of each kind may and must say."""
    where, text = f"{production.source}: {production.text!r}", production.text
    try:
        text.encode("cp1252")
    except UnicodeEncodeError as error:
        raise GrammarError(f"{where}: not in Windows-1252") from error
    if text[-1] in ".,;!?" or text != text.strip():
        raise GrammarError(f"{where}: must not end in a stop; stops are added when texts are joined")
    if production.kind == "fact" and production.affirms != 1 << owner:
        raise GrammarError(f"{where}: must affirm {CODES[owner]} and no other code")
    if production.kind == "joint" and production.affirms.bit_count() < 2:
        raise GrammarError(f"{where}: must affirm at least two codes")
    if production.kind in ("fact", "joint") and production.negates:
        raise GrammarError(f"{where}: a fact's production must not negate another code")
    if production.kind in ("decoy", "theme", "opening", "closing") and production.affirms:
        raise GrammarError(f"{where}: must not affirm a fact of the suspect")
    if production.kind == "decoy" and not production.mentions:
        raise GrammarError(f"{where}: a decoy marks at least one code")
    for variant in production.variants[1:]:
        if _affirmed(variant.spans) != _affirmed(production.variants[0].spans):
            raise GrammarError(f"{where}: its choices change what is affirmed")


def read_production(
    kind: str, group: str, register: str, source: str, text: str, slots: dict[str, list[str]]
) -> Production:
    """One checked production; an error names its file and its text."""
    where = f"{source}: {text!r}"
    if register not in REGISTERS:
        raise GrammarError(f"{where}: {register!r} is not a register ({', '.join(REGISTERS)})")
    if not text.strip():
        raise GrammarError(f"{where}: empty")
    owner = CODES.index(group) if kind == "fact" else -1
    variants = tuple(_read(spelt, owner, where) for spelt in _spelt_out(text, slots, where))
    spans = tuple(span for variant in variants for span in variant.spans)
    production = Production(
        kind, group, REGISTERS[register], source, text, variants, _affirmed(variants[0].spans),
        mask_of(*(CODES[s.code] for s in spans)),
        mask_of(*(CODES[s.code] for s in spans if POLARITIES[s.polarity] == "negated")),
    )  # fmt: skip
    _check(production, owner)
    return production


def _lines(listed: object, where: str) -> Iterator[str]:
    if not isinstance(listed, str):
        raise GrammarError(f"{where}: expected a block of lines, one production to a line")
    yield from (line for line in listed.splitlines() if line)


_KINDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "facts": ("fact", CODES),
    "joints": ("joint", ("joint",)),
    "decoys": ("decoy", ("general", "property", "disorder", "personal")),
    "themes": ("theme", THEMES),
    "openings": ("opening", ("any", "personal", *THEMES)),
    "closings": ("closing", ("any", "personal", *THEMES)),
}


def _file(path: Path, slots: dict[str, list[str]]) -> Iterator[Production]:
    """The productions of one file: section, group, register, lines."""
    sections = cast("dict[str, dict[str, dict[str, object]]]", yaml.safe_load(path.read_text("utf-8")))
    for section, groups in sections.items():
        if section not in _KINDS:
            raise GrammarError(f"{path.name}: section {section!r} is not one of {', '.join(_KINDS)}")
        kind, allowed = _KINDS[section]
        for group, registers in groups.items():
            if group not in allowed:
                raise GrammarError(f"{path.name}: {group!r} cannot stand under {section}")
            for register, listed in registers.items():
                source = f"{path.name}: {group}: {register}"
                for line in _lines(listed, source):
                    yield read_production(kind, group, register, source, line, slots)


def read_grammar(folder: Path = GRAMMAR) -> list[Production]:
    """Every production of a folder, checked one by one and together."""
    slots = cast("dict[str, list[str]]", yaml.safe_load((folder / "slots.yml").read_text("utf-8")))
    productions = [
        production
        for path in sorted(folder.glob("*.yml"))
        if path.name != "slots.yml"
        for production in _file(path, slots)
    ]
    seen: dict[tuple[str, str, str], str] = {}
    for production in productions:
        key = (production.kind, production.group, production.text)
        if key in seen:
            raise GrammarError(f"{production.source}: {production.text!r} stands already under {seen[key]}")
        seen[key] = production.source
    _check_whole(productions)
    return productions


def _check_whole(productions: list[Production]) -> None:
    """Enough productions of every code and theme, in every style."""
    for code in CODES:
        mine = [p for p in productions if p.kind == "fact" and p.group == code]
        floor = 14 if code in BEHAVIOURS else 10
        if len(mine) < floor:
            raise GrammarError(f"{code}: {len(mine)} productions, at least {floor} are needed")
        for style in STYLES if code in OFFICERS_OWN else VOICES:
            if sum(style in p.styles for p in mine) < (3 if style in STYLES else 2):
                raise GrammarError(f"{code}: too few productions in the style {style}")
    for theme in THEMES:
        for style in STYLES:
            if sum(p.kind == "theme" and p.group == theme and style in p.styles for p in productions) < 4:
                raise GrammarError(f"{theme}: fewer than 4 productions in the style {style}")


def coverage() -> dict[str, int]:
    """How many productions affirm each code, alone or with others."""
    affirming = [p.affirms for p in read_grammar() if p.kind in ("fact", "joint")]
    return {code: sum(mask >> bit & 1 for mask in affirming) for bit, code in enumerate(CODES)}
