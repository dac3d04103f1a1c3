"""Compiles the grammar into one pool of pieces and arrays that point into it, so that a text is a gather.

Every variant of a production is cut at its fillers; each literal stretch stands in the pool once for each
pair of sexes it bends to, and in four ways of typing. Marks are boundaries within these stretches.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from data_samples import chance
from data_samples.prose.codes import CODES, PERSONAL_THEMES, THEME_SUGGESTS, THEMES, contradicting, mask_of
from data_samples.prose.grammar import (
    VOICES,
    GrammarError,
    Production,
    Segment,
    read_grammar,
    word_forms,
)

BLOCKS = 4  # as written, mistyped, slapdash (no stops, no capitals), slapdash and mistyped

_STOPS = re.compile(r"[,;.'\u2019](?!\d)")
_LETTERS = re.compile(r"[A-Za-z]{4,}")

# Decoys by the kind of text: about nothing much, about things, about disorder, about persons.
_DECOYS = (("general",), ("general", "property"), ("general", "disorder"), ("general", "personal"))


@lru_cache(maxsize=1)
def _slips() -> NDArray[np.uint64]:
    return chance.words(0, "prose:typo", np.arange(1 << 16))


def _mistyped(text: str, bounds: list[int], number: int) -> tuple[str, list[int]]:
    """One slip of the fingers in one word: letters swapped, one lost or one doubled."""
    found = [m.span() for m in _LETTERS.finditer(text)]
    if not found:
        return text, bounds
    word = int(_slips()[number % len(_slips())])
    start, end = found[word % len(found)]
    at = start + 1 + (word >> 20) % (end - start - 2)
    slip = (word >> 40) % 3
    if slip == 0:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :], bounds
    if slip == 1:
        return text[:at] + text[at + 1 :], [b - (b > at) for b in bounds]
    return text[:at] + text[at] + text[at:], [b + (b > at) for b in bounds]


def _slapdash(text: str, bounds: list[int], first: bool) -> tuple[str, list[int]]:
    """Stops and apostrophes left out, as many officers type."""
    gone = [m.start() for m in _STOPS.finditer(text)]
    if gone:
        bounds = [b - sum(g < b for g in gone) for b in bounds]
        text = _STOPS.sub("", text)
    return (_lowered(text) if first else text), bounds


def _lowered(text: str) -> str:
    """Small first letter, unless the word is an abbreviation."""
    word = re.match(r"[A-Z](?=[a-z])", text)
    return text if word is None else text[0].lower() + text[1:]


def _forms_of(part: str) -> tuple[str, tuple[str, str, str]]:
    found = word_forms(part[1:])
    if found is None:
        raise GrammarError(f"no filler or pronoun called {part}")
    return found


@dataclass
class _Pool:
    """The pieces as they are gathered; a piece has one text and one row of boundary offsets per block."""

    texts: list[list[str]] = field(default_factory=lambda: [[] for _ in range(BLOCKS)])
    bounds: list[list[list[int]]] = field(default_factory=lambda: [[] for _ in range(BLOCKS)])
    known: dict[tuple[bool, Segment], tuple[int, int, int]] = field(default_factory=dict)

    def add(self, segment: Segment, first: bool) -> tuple[int, int, int]:
        """Pool number of the segment's first version, and the strides by suspect's and victim's sex."""
        key = (first, segment)
        if key in self.known:
            return self.known[key]
        base = len(self.texts[0])
        whose = {_forms_of(part)[0] for part in segment.parts if part[0] == "$"}
        suspects, victims = (3 if "he" in whose else 1), (3 if "she" in whose else 1)
        for suspect in range(suspects):
            for victim in range(victims):
                self._version(segment, first, suspect, victim)
        self.known[key] = (base, victims * (suspects > 1), int(victims > 1))
        return self.known[key]

    def _version(self, segment: Segment, first: bool, suspect: int, victim: int) -> None:
        shown = [
            part if part[0] != "$" else _forms_of(part)[1][suspect if _forms_of(part)[0] == "he" else victim]
            for part in segment.parts
        ]
        ends = [0, *np.cumsum([len(part) for part in shown]).tolist()]
        text, bounds = "".join(shown), [int(ends[b]) for b in segment.bounds]
        proper = text[:1].upper() + text[1:] if first else text
        number = len(self.texts[0])
        slapdash = _slapdash(text, bounds, first)
        versions = (
            (proper, bounds), _mistyped(proper, bounds, number),
            slapdash, _mistyped(*slapdash, number),
        )  # fmt: skip
        for block, (written, at) in enumerate(versions):
            self.texts[block].append(written)
            self.bounds[block].append(at)


Table = NDArray[np.int32]


@dataclass(frozen=True)
class Lists:
    """Lists of productions by cell of a table: members[start[cell] : start[cell] + count[cell]]."""

    start: Table
    count: Table
    members: Table


@dataclass(frozen=True)
class Choices:
    """Which productions may be chosen where; cells are something by voice."""

    facts: Lists  # code x voice
    joints: Lists  # joint mask x voice
    joint_masks: tuple[int, ...]
    decoys: Lists  # (nothing much, things, disorder, persons) x voice
    themes: Lists  # theme x voice
    openings: Lists  # theme x voice
    closings: Lists  # theme x voice


@dataclass(frozen=True)
class Compiled:
    """The whole grammar as arrays: productions, their variants, their segments, their spans, the pieces."""

    pieces: pa.StringArray  # BLOCKS stretches of block_size
    bounds: NDArray[np.int16]  # per piece, where its boundaries lie
    block_size: int
    production_variant: Table  # first variant
    production_variants: Table  # how many
    production_mentions: NDArray[np.int64]
    production_excluded: NDArray[np.int64]  # facts beside which it would contradict
    variant_segment: Table
    variant_segments: Table
    variant_span: Table
    variant_spans: Table
    segment_base: Table  # pool number, or the filler's
    segment_suspect: Table  # stride by the suspect's sex
    segment_victim: Table
    segment_filler: NDArray[np.bool_]
    span_code: Table
    span_polarity: Table
    span_actor: Table
    span_ends: Table  # columns: start segment, start boundary, end segment, end boundary
    choose: Choices
    theme_mentions: NDArray[np.int64]  # per theme, what is told or suggested


def _lists(cells: list[list[int]]) -> Lists:
    count = np.array([len(cell) for cell in cells], dtype=np.int32)
    start = (np.cumsum(count) - count).astype(np.int32)
    return Lists(start, count, np.array([p for cell in cells for p in cell], dtype=np.int32))


def _int32(values: list[int]) -> Table:
    return np.array(values, dtype=np.int32)


@lru_cache(maxsize=1)
def compiled() -> Compiled:
    """The product's own grammar, read and compiled once for each process."""
    return compile_grammar(read_grammar())


def compile_grammar(productions: list[Production]) -> Compiled:
    """Lay the productions out as arrays, so that a text is a gather and not a loop."""
    pool = _Pool()
    starts: dict[str, list[int]] = {name: [] for name in ("variant", "segment", "span")}
    counts: dict[str, list[int]] = {name: [] for name in ("variant", "segment", "span")}
    segments: list[tuple[int, int, int, bool]] = []
    spans: list[tuple[int, ...]] = []
    for production in productions:
        starts["variant"].append(len(starts["segment"]))
        counts["variant"].append(len(production.variants))
        for variant in production.variants:
            starts["segment"].append(len(segments))
            counts["segment"].append(len(variant.segments))
            starts["span"].append(len(spans))
            counts["span"].append(len(variant.spans))
            spans += [(s.code, s.polarity, s.actor, *s.start, *s.end) for s in variant.spans]
            for place, segment in enumerate(variant.segments):
                if segment.filler >= 0:
                    segments.append((segment.filler, 0, 0, True))
                else:
                    segments.append((*pool.add(segment, place == 0), False))
    width = max(len(at) for at in pool.bounds[0])
    bounds = np.array([at + [0] * (width - len(at)) for block in pool.bounds for at in block], dtype=np.int16)
    columns = np.array([segment[:3] for segment in segments], dtype=np.int32)
    marked = np.array(spans, dtype=np.int32)
    return Compiled(
        pieces=pa.array([text for block in pool.texts for text in block], type=pa.string()),
        bounds=bounds,
        block_size=len(pool.texts[0]),
        production_variant=_int32(starts["variant"]),
        production_variants=_int32(counts["variant"]),
        production_mentions=np.array([p.mentions for p in productions], dtype=np.int64),
        production_excluded=np.array([contradicting(p.negates) for p in productions], dtype=np.int64),
        variant_segment=_int32(starts["segment"]),
        variant_segments=_int32(counts["segment"]),
        variant_span=_int32(starts["span"]),
        variant_spans=_int32(counts["span"]),
        segment_base=columns[:, 0].copy(),
        segment_suspect=columns[:, 1].copy(),
        segment_victim=columns[:, 2].copy(),
        segment_filler=np.array([segment[3] for segment in segments], dtype=np.bool_),
        span_code=marked[:, 0].copy(),
        span_polarity=marked[:, 1].copy(),
        span_actor=marked[:, 2].copy(),
        span_ends=marked[:, 3:].copy(),
        choose=_choices(productions),
        theme_mentions=_theme_mentions(productions),
    )


def _cell(productions: list[Production], kind: str, voice: str, groups: tuple[str, ...]) -> list[int]:
    """Numbers of the productions of a kind, in a voice, listed under any of these groups."""
    return [
        number
        for number, production in enumerate(productions)
        if production.kind == kind and production.group in groups and voice in production.styles
    ]


def _around(theme: str) -> tuple[str, ...]:
    """Under which headings the openings and closings stand that suit a theme."""
    return ("any", "personal", theme) if theme in PERSONAL_THEMES else ("any", theme)


def _choices(productions: list[Production]) -> Choices:
    masks = tuple(dict.fromkeys(p.affirms for p in productions if p.kind == "joint"))
    joints = {voice: _cell(productions, "joint", voice, ("joint",)) for voice in VOICES}

    def lists(kind: str, groups: list[tuple[str, ...]]) -> Lists:
        return _lists([_cell(productions, kind, voice, group) for group in groups for voice in VOICES])

    return Choices(
        facts=lists("fact", [(code,) for code in CODES]),
        joints=_lists(
            [
                [n for n in joints[voice] if productions[n].affirms == mask]
                for mask in masks
                for voice in VOICES
            ]
        ),
        joint_masks=masks,
        decoys=lists("decoy", list(_DECOYS)),
        themes=lists("theme", [(theme,) for theme in THEMES]),
        openings=lists("opening", [_around(theme) for theme in THEMES]),
        closings=lists("closing", [_around(theme) for theme in THEMES]),
    )


def _theme_mentions(productions: list[Production]) -> NDArray[np.int64]:
    """Per theme the codes that its sentences mark or that it suggests by itself."""
    told = np.array([mask_of(*THEME_SUGGESTS.get(theme, ())) for theme in THEMES], dtype=np.int64)
    for production in productions:
        if production.kind == "theme":
            told[THEMES.index(production.group)] |= production.mentions
    return told
