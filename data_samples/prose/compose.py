"""Composes texts by the hundred thousand from the compiled grammar, and says where each coded word stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute
from numpy.typing import NDArray

from data_samples import chance
from data_samples.chance import Floats, Ints, Words
from data_samples.prose.codes import (
    BEHAVIOURS,
    CODES,
    DISORDER_THEMES,
    PERSONAL_THEMES,
    PROPERTY_THEMES,
    STYLES,
    THEMES,
    mask_of,
)
from data_samples.prose.grammar import FILLERS, OFFICERS_OWN, OWN_WORDS, VOICES
from data_samples.prose.pieces import Compiled, Lists, compiled

Strings: TypeAlias = "pa.Array[Any]"
pc: Any = pyarrow.compute  # its stubs know too little of strings

SLICE = 25_000  # rows at a time: keeps memory small and the arrays in cache
_VOICES = len(VOICES)
_FORM = STYLES.index("form")
_OWN_WORDS = VOICES.index(OWN_WORDS)
_LOG = STYLES.index("log")

# By style (crime_mo, log, form, note, intelligence, incident).
_OPENS = np.array([0.70, 0.97, 0.35, 0.70, 0.80, 0.85])
_CLOSES = np.array([0.70, 0.97, 0.40, 0.75, 0.75, 0.80])
_SLAPDASH = np.array([0.18, 0.22, 0.04, 0.14, 0.0, 0.10])
_SHOUTS = np.array([0.10, 0.08, 0.01, 0.02, 0.0, 0.05])
_ABOUT = np.array([
    3 if theme in PERSONAL_THEMES else 2 if theme in DISORDER_THEMES else int(theme in PROPERTY_THEMES)
    for theme in THEMES
])  # fmt: skip
_DECOY, _SECOND_DECOY, _ATTEMPTS = 0.38, 0.22, 6
_JOINT = 0.55
_VICTIM_WRITES = 0.5
_TOLD_TWICE = 0.3  # a behaviour gets a second sentence
_MISTYPED = 0.05

_BETWEEN = (". ", ".\n", " - ", "; ", " ", "\n", ", ")  # sentence separators
_PROPER = np.array([  # chance of the first four, by style
    [0.76, 0.10, 0.08, 0.06], [1.0, 0.0, 0.0, 0.0], [0.80, 0.10, 0.05, 0.05],
    [0.62, 0.34, 0.02, 0.02], [0.86, 0.14, 0.0, 0.0], [0.80, 0.14, 0.04, 0.02],
])  # fmt: skip
_STAMPS = ("{:02d}:{:02d} ", "{:02d}{:02d}hrs - ", "[{:02d}:{:02d}] ", "{:02d}{:02d} ")
_MINUTES = 1440


@dataclass(frozen=True)
class Requests:
    """What is to be told, a row for each text; the key is unique and decides everything left to chance."""

    key: Ints
    style: NDArray[np.int8]
    theme: NDArray[np.int8]
    facts: Ints  # bitmask of the codes to affirm
    suspect_sex: NDArray[np.int8]  # 0 female, 1 male, -1 unknown
    victim_sex: NDArray[np.int8]
    fillers: Mapping[str, Strings]  # names of grammar.FILLERS; missing, null or empty has a stand-in

    def rows(self, start: int, stop: int) -> Requests:
        """The requests of a stretch of rows."""
        part = slice(start, stop)
        return Requests(
            self.key[part], self.style[part], self.theme[part], self.facts[part],
            self.suspect_sex[part], self.victim_sex[part],
            {name: strings[start:stop] for name, strings in self.fillers.items()},
        )  # fmt: skip


@dataclass(frozen=True)
class Spans:
    """The truth of the texts: marked stretches in order of row and place, offsets in characters."""

    row: Ints
    code: NDArray[np.int8]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    polarity: NDArray[np.int8]
    actor: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.row)


@dataclass(frozen=True)
class _Slots:
    """Sentences chosen for texts: which row, where in it, which production."""

    row: Ints
    order: Ints
    production: Ints


def _bits(words: Words, low: int, count: int) -> Floats:
    """Some bits of a word as a number in [0, 1)."""
    return ((words >> np.uint64(low)) & np.uint64((1 << count) - 1)).astype(np.float64) * 2.0**-count


def _members(lists: Lists, cell: Ints, drawn: Floats) -> Ints:
    """One production from each row's list."""
    return lists.members[lists.start[cell] + (drawn * lists.count[cell]).astype(np.int64)].astype(np.int64)


def _voice(requests: Requests, seed: int) -> Ints:
    """The style, but for the forms on persons that the victim fills in."""
    own = (requests.style == _FORM) & (_ABOUT[requests.theme] == 3)
    own &= (requests.facts & mask_of(*OFFICERS_OWN)) == 0
    own &= chance.happens(_VICTIM_WRITES, seed, "prose:voice", requests.key)
    return np.where(own, _OWN_WORDS, requests.style).astype(np.int64)


def _framing(requests: Requests, grammar: Compiled, voice: Ints, seed: int) -> list[_Slots]:
    """Openings and closings, for the texts that have them."""
    rows = np.arange(len(requests.key), dtype=np.int64)
    cell = requests.theme.astype(np.int64) * _VOICES + voice
    slots: list[_Slots] = []
    for name, lists, chances, order in (
        ("opening", grammar.choose.openings, _OPENS, 0),
        ("closing", grammar.choose.closings, _CLOSES, 1 << 22),
    ):
        word = chance.words(seed, f"prose:{name}", requests.key)
        has = (_bits(word, 0, 20) < chances[requests.style]) & (lists.count[cell] > 0)
        chosen = _members(lists, cell[has], _bits(word[has], 20, 40))
        slots.append(_Slots(rows[has], np.full(len(chosen), order, dtype=np.int64), chosen))
    return slots


def _background(requests: Requests, grammar: Compiled, voice: Ints, seed: int) -> list[_Slots]:
    """One to three different sentences on the theme; fewer where there is much else to tell."""
    rows = np.arange(len(requests.key), dtype=np.int64)
    cell = requests.theme.astype(np.int64) * _VOICES + voice
    word = chance.words(seed, "prose:theme", requests.key)
    count = grammar.choose.themes.count[cell].astype(np.int64)
    half = (count - 1) // 2
    plain = requests.facts == 0
    drawn = _bits(word, 0, 12)
    brief = voice == _FORM
    more = np.where(plain, np.where(brief, 0.5, 0.93), 0.3)
    sentences = 1 + (drawn < more).astype(np.int64) + (drawn < more * np.where(plain, 0.6, 0.2))
    sentences = np.minimum(sentences, np.where(count > 2, 3, count))
    at = (_bits(word, 12, 16) * count).astype(np.int64)
    slots: list[_Slots] = []
    for nth in range(3):
        has = sentences > nth
        member = grammar.choose.themes.start[cell[has]] + at[has] % count[has]
        order = np.full(int(has.sum()), 1 + nth, dtype=np.int64)
        slots.append(_Slots(rows[has], order, grammar.choose.themes.members[member].astype(np.int64)))
        at = at + 1 + (_bits(word, 28 + 16 * nth, 16) * half).astype(np.int64)
    return slots


def _telling(requests: Requests, grammar: Compiled, voice: Ints, seed: int) -> list[_Slots]:
    """One sentence for every fact, or one for two facts where such a one is at hand."""
    remaining = requests.facts.copy()
    slots: list[_Slots] = []
    for group, mask in enumerate(grammar.choose.joint_masks):
        rows = np.flatnonzero((remaining & mask) == mask)
        if len(rows) == 0:
            continue
        word = chance.words(seed, "prose:joint", requests.key[rows], group)
        cell = group * _VOICES + voice[rows]
        has = (_bits(word, 0, 16) < _JOINT) & (grammar.choose.joints.count[cell] > 0)
        rows, word, cell = rows[has], word[has], cell[has]
        remaining[rows] &= ~mask
        slots.append(
            _Slots(rows, _shuffled(word), _members(grammar.choose.joints, cell, _bits(word, 16, 24)))
        )
    bits = (remaining[:, None] >> np.arange(len(CODES), dtype=np.int64)) & 1
    rows, code = np.nonzero(bits)
    word = chance.words(seed, "prose:fact", requests.key[rows], code)
    cell = code * _VOICES + voice[rows]
    count = grammar.choose.facts.count[cell].astype(np.int64)
    chosen = (_bits(word, 16, 24) * count).astype(np.int64)
    more = (code < len(BEHAVIOURS)) & (_bits(word, 0, 8) < _TOLD_TWICE)
    for some, member in ((np.ones_like(more), chosen), (more, (chosen + 1 + count // 2) % count)):
        place = word if member is chosen else ~word
        production = grammar.choose.facts.members[grammar.choose.facts.start[cell] + member].astype(np.int64)
        slots.append(_Slots(rows[some], _shuffled(place[some]), production[some]))
    return slots


def _shuffled(word: Words) -> Ints:
    """A place among the facts and decoys of a text."""
    return 8 + ((word >> np.uint64(43)) & np.uint64((1 << 21) - 1)).astype(np.int64)


def _misleading(requests: Requests, grammar: Compiled, voice: Ints, seed: int) -> list[_Slots]:
    """Sentences that name a code without affirming it, never against what the text affirms."""
    about = np.where(requests.facts != 0, 3, _ABOUT[requests.theme])
    cell = (about * _VOICES + voice).astype(np.int64)
    told = requests.facts | grammar.theme_mentions[requests.theme]
    drawn = chance.uniform(seed, "prose:decoys", requests.key)
    wanted = (drawn < _DECOY).astype(np.int64) + (drawn < _DECOY * _SECOND_DECOY)
    slots: list[_Slots] = []
    for attempt in range(_ATTEMPTS):
        rows = np.flatnonzero(wanted > 0)
        word = chance.words(seed, "prose:decoy", requests.key[rows], attempt)
        chosen = _members(grammar.choose.decoys, cell[rows], _bits(word, 16, 24))
        fits = (grammar.production_excluded[chosen] & told[rows]) == 0
        rows, word, chosen = rows[fits], word[fits], chosen[fits]
        wanted[rows] -= 1
        told[rows] |= grammar.production_mentions[chosen]
        slots.append(_Slots(rows, _shuffled(word), chosen))
    return slots


def _gathered(requests: Requests, grammar: Compiled, seed: int) -> _Slots:
    """All sentences of all texts in reading order."""
    voice = _voice(requests, seed)
    tellers = (_framing, _background, _telling, _misleading)
    parts = [slots for teller in tellers for slots in teller(requests, grammar, voice, seed)]
    row = np.concatenate([part.row for part in parts])
    order = np.concatenate([part.order for part in parts])
    production = np.concatenate([part.production for part in parts])
    sorted_ = np.argsort((row << 24) | order, kind="stable")
    return _Slots(row[sorted_], order[sorted_], production[sorted_])


@dataclass(frozen=True)
class _Joins:
    """Pool numbers of what stands before each sentence and at the end of each text."""

    before: Ints
    after: Ints


@cache
def _static_joins() -> tuple[str, ...]:
    """Separators and time stamps: nothing, a stop, the separators; then stamps, first and following."""
    stamps = [
        lead + stamp.format(*divmod(minute, 60))
        for stamp in _STAMPS
        for lead in ("", "\n")
        for minute in range(_MINUTES)
    ]
    return ("", ".", *_BETWEEN, *stamps)


@cache
def _pool_of_joins() -> Strings:
    return pa.array(_static_joins(), type=pa.string())


def _clock(requests: Requests, word: Words) -> Ints:
    """The minute at which a log opens: soon after the time it tells of, where that can be read."""
    told = requests.fillers.get("when")
    minute = np.full(len(word), -1, dtype=np.int64)
    if told is not None:
        read = pc.extract_regex(pc.fill_null(told.cast(pa.string()), ""), r"(?P<h>[0-2]\d):?(?P<m>[0-5]\d)")
        hour, past = (pc.fill_null(pc.struct_field(read, [i]), "-1").cast(pa.int64()) for i in (0, 1))
        h, m = (
            np.asarray(hour.to_numpy(zero_copy_only=False)),
            np.asarray(past.to_numpy(zero_copy_only=False)),
        )
        minute = np.where((h >= 0) & (h < 24), h * 60 + m, -1)
    drawn = (_bits(word, 0, 24) * _MINUTES).astype(np.int64)
    return np.where(minute >= 0, minute + 1 + drawn % 14, drawn)


def _joins(
    requests: Requests,
    slots: _Slots,
    first: NDArray[np.bool_],
    slapdash: NDArray[np.bool_],
    seed: int,
    base: int,
) -> _Joins:
    """How the sentences of each text are strung together."""
    word = chance.words(seed, "prose:joins", requests.key)
    edges = np.cumsum(_PROPER, axis=1)[requests.style]
    between = np.minimum((_bits(word, 24, 16)[:, None] >= edges).sum(axis=1), 3)
    loose = 4 + np.searchsorted(np.array([0.5, 0.75]), _bits(word, 24, 16), side="right")
    separator = base + 2 + np.where(slapdash, loose, between)
    before = np.where(first, base, separator[slots.row])
    logs = (requests.style == _LOG)[slots.row]
    row = slots.row[logs]
    step = chance.words(seed, "prose:minutes", requests.key[row], slots.order[logs])
    passed = np.cumsum(1 + (_bits(step, 0, 20) ** 3 * 25).astype(np.int64))
    opens = first[logs]
    passed -= np.maximum.accumulate(np.where(opens, passed, 0))
    minute = (_clock(requests, word)[row] + passed) % _MINUTES
    form = (_bits(word, 40, 8) * len(_STAMPS)).astype(np.int64)[row]
    before[logs] = base + 2 + len(_BETWEEN) + (form * 2 + ~opens) * _MINUTES + minute
    after = base + (~slapdash & (requests.style != _LOG)).astype(np.int64)
    return _Joins(before, after)


@dataclass(frozen=True)
class _Layout:
    """The pieces of all texts in order, and where each sentence's pieces begin."""

    ids: Ints
    text_first: Ints  # number of the first piece of each text, and one past the last
    slot_first: Ints  # number of each sentence's first own piece
    variant: Ints


def _starts(counts: Ints) -> Ints:
    return np.cumsum(counts) - counts


def _laid_out(
    requests: Requests, grammar: Compiled, slots: _Slots, seed: int, static: int, joins_base: int
) -> _Layout:
    """Turn sentences into pool numbers of pieces."""
    n = len(requests.key)
    word = chance.words(seed, "prose:wording", requests.key[slots.row], slots.production)
    variant = grammar.production_variant[slots.production] + (
        _bits(word, 0, 24) * grammar.production_variants[slots.production]
    ).astype(np.int64)
    manner = chance.uniform(seed, "prose:manner", requests.key)
    slapdash = manner < _SLAPDASH[requests.style]
    block = slapdash[slots.row] * 2 + (_bits(word, 24, 24) < _MISTYPED)
    first = np.diff(slots.row, prepend=-1) != 0
    joins = _joins(requests, slots, first, slapdash, seed, joins_base)

    own = grammar.variant_segments[variant].astype(np.int64)
    last = np.append(first[1:], True)
    takes = 1 + own + last  # what stands before, the sentence, the end of the text
    start = _starts(takes)
    ids = np.empty(int(takes.sum()), dtype=np.int64)
    ids[start] = joins.before
    ids[start[last] + takes[last] - 1] = joins.after[slots.row[last]]
    slot = np.repeat(np.arange(len(own)), own)
    nth = np.arange(len(slot)) - np.repeat(_starts(own), own)
    segment = grammar.variant_segment[variant][slot] + nth
    row = slots.row[slot]
    sex = [np.where(s < 0, 2, s).astype(np.int64) for s in (requests.suspect_sex, requests.victim_sex)]
    literal = (
        grammar.segment_base[segment]
        + grammar.segment_suspect[segment] * sex[0][row]
        + grammar.segment_victim[segment] * sex[1][row]
        + block[slot] * grammar.block_size
    )
    filler = static + grammar.segment_base[segment] * n + row
    ids[start[slot] + 1 + nth] = np.where(grammar.segment_filler[segment], filler, literal)
    return _Layout(ids, np.append(start[first], len(ids)), start + 1, variant)


def _fillers(requests: Requests) -> list[Strings]:
    """The strings of the rows, with something to stand in for what is missing."""
    columns: list[Strings] = []
    for name, stand_in in FILLERS.items():
        given = requests.fillers.get(name)
        if given is None:
            columns.append(pa.repeat(pa.scalar(stand_in, type=pa.string()), len(requests.key)))
            continue
        strings = pc.fill_null(given.cast(pa.string()), "")
        columns.append(pc.if_else(pc.equal(strings, ""), stand_in, strings))
    return columns


def _taken(strings: Strings, rows: Ints) -> Strings:
    """The strings at these places."""
    return cast("Strings", pc.take(strings, pa.array(rows)))


def _offsets(strings: Strings) -> NDArray[np.int32]:
    """The byte offsets of a string array."""
    buffer = cast("pa.Buffer", strings.buffers()[1])
    return np.frombuffer(cast("Any", buffer), dtype=np.int32)[
        strings.offset : strings.offset + len(strings) + 1
    ]


def _shouted(texts: Strings, requests: Requests, seed: int) -> Strings:
    """Some texts in capitals, where that keeps every character in its place."""
    wanted = chance.happens(_SHOUTS[requests.style], seed, "prose:shouts", requests.key)
    rows = np.flatnonzero(wanted)
    some = _taken(texts, rows)
    loud = pc.utf8_upper(some)
    same = pc.equal(pc.utf8_length(loud), pc.utf8_length(some))
    return cast("Strings", pc.replace_with_mask(texts, pa.array(wanted), pc.if_else(same, loud, some)))


def _compose_slice(requests: Requests, seed: int, grammar: Compiled, joins: Strings) -> tuple[Strings, Spans]:
    static = len(grammar.pieces) + len(joins)
    slots = _gathered(requests, grammar, seed)
    layout = _laid_out(requests, grammar, slots, seed, static, len(grammar.pieces))
    pool: Strings = pa.concat_arrays([grammar.pieces, joins, *_fillers(requests)])
    taken = _taken(pool, layout.ids)
    # The bytes of the pieces already stand one after another: only the offsets of the texts are new.
    text_offsets = _offsets(taken)[layout.text_first]
    texts: Strings = pa.StringArray.from_buffers(
        len(requests.key), pa.py_buffer(text_offsets.tobytes()), cast("pa.Buffer", taken.buffers()[2])
    )
    lengths = np.asarray(pc.utf8_length(pool).to_numpy(zero_copy_only=False))[layout.ids]
    ends = np.cumsum(lengths, dtype=np.int64)
    begins = ends - lengths
    return _shouted(texts, requests, seed), _spans(grammar, slots, layout, begins)


def _spans(grammar: Compiled, slots: _Slots, layout: _Layout, begins: Ints) -> Spans:
    """Where the marks of the chosen variants came to stand."""
    counts = grammar.variant_spans[layout.variant].astype(np.int64)
    slot = np.repeat(np.arange(len(counts)), counts)
    nth = np.arange(len(slot)) - np.repeat(_starts(counts), counts)
    span = grammar.variant_span[layout.variant][slot] + nth
    row = slots.row[slot]
    zero = begins[layout.text_first[:-1]][row]
    at: list[NDArray[np.int32]] = []
    for column in (0, 2):
        ends = grammar.span_ends[span]
        piece = layout.slot_first[slot] + ends[:, column]
        offset = grammar.bounds[layout.ids[piece], ends[:, column + 1]]
        at.append((begins[piece] + offset - zero).astype(np.int32))
    return Spans(
        row, grammar.span_code[span].astype(np.int8), at[0], at[1],
        grammar.span_polarity[span].astype(np.int8), grammar.span_actor[span].astype(np.int8),
    )  # fmt: skip


def compose(requests: Requests, seed: int) -> tuple[Strings, Spans]:
    """A text for each request, and every coded stretch in it."""
    grammar = compiled()
    joins = _pool_of_joins()
    texts: list[Strings] = []
    spans: list[Spans] = []
    for start in range(0, len(requests.key), SLICE):
        part = requests.rows(start, start + SLICE)
        written, marked = _compose_slice(part, seed, grammar, joins)
        texts.append(written.cast(pa.large_string()))
        spans.append(
            Spans(marked.row + start, marked.code, marked.start, marked.end, marked.polarity, marked.actor)
        )
    if not texts:
        none = np.zeros(0, dtype=np.int64)
        small, place = none.astype(np.int8), none.astype(np.int32)
        return pa.array([], type=pa.large_string()), Spans(none, small, place, place, small, small)
    return pa.concat_arrays(texts), Spans(
        *(np.concatenate([getattr(part, name) for part in spans]) for name in Spans.__dataclass_fields__)
    )
