"""Who lives in the invented force: every fact about a resident is a pure function of (seed, key, day).

No table of residents exists: any chunk of keys can be described in any order, in any process, with the same
answer.
Residents come in households of three keys; what the three are to one another is drawn for the household.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data_samples import chance
from data_samples.chance import Floats, Ints, Words

Bytes = NDArray[np.int8]
Shorts = NDArray[np.int16]

ETHNICITIES: Final = ("asian", "black", "mixed", "other", "white")
FOCUS_START: Final = 10**12
NEVER: Final = 2**31 - 1
DAY_2020: Final = 18262
YEAR: Final = 365.2425

NAMES_FOLDER: Final = Path(__file__).parent / "names"
PATTERNS: Final = (
    "british", "irish", "polish", "european", "south_asian_muslim", "hindu", "sikh", "african", "caribbean",
    "arabic", "chinese",
)  # fmt: skip
FORENAME_PATTERNS: Final = ("british_older", "british_middle", "british_younger", *PATTERNS[1:])
# Postal areas beginning with Q, V or X do not exist, so no postcode here can be somebody's.
POSTAL_AREAS: Final = ("QX", "QZ", "VQ", "VZ", "XQ", "XV")

# Shares of residents by ethnicity, where no override says otherwise.
ETHNICITY_WEIGHTS: Final = (0.13, 0.035, 0.025, 0.02, 0.79)
# Which naming pattern an ethnicity follows (rows: ETHNICITIES, columns: PATTERNS).
PATTERN_WEIGHTS: Final = (
    (0.04, 0.00, 0.00, 0.00, 0.66, 0.10, 0.13, 0.00, 0.00, 0.01, 0.06),
    (0.08, 0.00, 0.00, 0.02, 0.00, 0.00, 0.00, 0.48, 0.36, 0.06, 0.00),
    (0.66, 0.05, 0.01, 0.03, 0.08, 0.01, 0.02, 0.04, 0.08, 0.01, 0.01),
    (0.12, 0.00, 0.00, 0.20, 0.05, 0.02, 0.05, 0.02, 0.00, 0.44, 0.10),
    (0.88, 0.05, 0.04, 0.03, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00),
)

# What the three people of a household are to one another, and how common that is.
COUPLE_AND_CHILD, FATHER_AND_SON, TWINS, LONE_PARENT, SHARERS, COUPLE_AND_LODGER, SIBLINGS = range(7)
HOUSEHOLD_WEIGHTS: Final = (0.36, 0.02, 0.01, 0.15, 0.26, 0.12, 0.08)

MOVES_A_YEAR: Final = 0.09
# Most keep a number for years, a few change it twice a year: 15% a year over all.
PHONE_CHANGES_A_YEAR: Final = 0.03
RESTLESS_PHONE_CHANGES_A_YEAR: Final = 0.60
RESTLESS_PHONE_SHARE: Final = 0.10
HOUSEHOLD_PHONE_SHARE: Final = 0.04
MIDDLE_NAME_SHARE: Final = 0.60
STAYS_IN_WARD: Final = 0.50
WIFE_TAKES_NAME: Final = 0.48
OTHER_WOMAN_MARRIES: Final = 0.16
SIMILAR_TWIN_NAMES: Final = 0.40

_SLOT_BITS = 14
_HISTORY_START = 12053  # 2003-01-01: moves and new telephones are counted from here in half years
_HALF_YEAR = YEAR / 2
_HALF_YEARS = 64
_INWARD_COUNT = 4000
_INWARD_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
_HOMES_IN_FORCE_POSTCODES = 75_000  # about forty residents to a postcode


@dataclass(frozen=True)
class PeopleOverrides:
    """People whose place in the story is already decided, sorted by key."""

    key: Ints
    sex: Bytes
    birth_day: Ints
    ethnicity: Bytes
    ward: Shorts
    moved_out_day: Ints


@dataclass(frozen=True)
class Facts:
    """What never changes about some people; names are positions in the pools, 0 is none."""

    key: Ints
    household: Ints
    sex: Bytes
    birth_day: Ints
    ethnicity: Bytes
    pattern: Bytes
    forename: Ints
    middle_name: Ints
    first_surname: Ints
    later_surname: Ints
    surname_change_day: Ints
    left_household_day: Ints
    fixed_ward: Shorts

    def surname_on(self, day: Ints) -> Ints:
        """The surname carried on a day: the later one from the day of the change on."""
        return np.where(day >= self.surname_change_day, self.later_surname, self.first_surname)


@dataclass(frozen=True)
class Place:
    """Where somebody lives, as positions in the tables of wards, postcodes, houses and streets."""

    ward: Ints
    inward: Ints
    premises: Ints
    street: Ints


def lane(word: Words, shift: int, bits: int) -> Ints:
    """Some bits of a random word as a small number, so that one draw serves several questions."""
    return ((word >> np.uint64(shift)) & np.uint64((1 << bits) - 1)).view(np.int64)


def share(word: Words, shift: int, bits: int = 16) -> Floats:
    """Some bits of a random word as a number between 0 and 1."""
    return (lane(word, shift, bits).astype(np.float64) + 0.5) * 2.0**-bits


def slots(weights: list[float], values: list[int], bits: int = _SLOT_BITS) -> Ints:
    """A table in which each value fills its share of the places: a weighted draw becomes one look-up."""
    edges = np.rint(np.cumsum(weights) / np.sum(weights) * (1 << bits)).astype(np.int64)
    return np.repeat(np.asarray(values, dtype=np.int64), np.diff(edges, prepend=0))


def _rows(name: str) -> list[dict[str, str]]:
    with (NAMES_FOLDER / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def spelling_rows(name: str) -> dict[str, list[str]]:
    """A two-column list as other spellings by name."""
    others: dict[str, list[str]] = {}
    for first, second in (tuple(row.values()) for row in _rows(name)):
        others.setdefault(first, []).append(second)
    return others


@dataclass(frozen=True)
class Pools:
    """The names and streets people are given, with the look-up tables to draw them by."""

    forenames: tuple[str | None, ...]
    surnames: tuple[str | None, ...]
    streets: tuple[str, ...]
    forename_slots: NDArray[np.int16]  # [pattern of forename * 2 + sex, slot]
    surname_slots: NDArray[np.int16]  # [pattern, slot]
    feminine: NDArray[np.int16]  # the form of a surname a woman carries
    similar: NDArray[np.int16]  # [pattern of forename * 2 + sex, forename]: the most alike of the group


def _alike(name: str, others: list[str]) -> str:
    """The name of the group that shares most with this one."""

    def likeness(other: str) -> tuple[int, int, str]:
        same = next((i for i, (a, b) in enumerate(zip(name, other, strict=False)) if a != b), 99)
        return same, -abs(len(name) - len(other)), other

    return max((other for other in others if other != name), key=likeness)


@lru_cache(maxsize=1)
def pools() -> Pools:
    """Read the name lists once."""
    forename_rows, surname_rows = _rows("forenames.csv"), _rows("surnames.csv")
    forenames = list(dict.fromkeys(row["name"] for row in forename_rows))
    surnames = list(
        dict.fromkeys(name for row in surname_rows for name in (row["name"], row["feminine"]) if name)
    )
    forename_at = {name: i + 1 for i, name in enumerate(forenames)}
    surname_at = {name: i + 1 for i, name in enumerate(surnames)}

    forename_slots: list[Ints] = []
    similar = np.zeros((len(FORENAME_PATTERNS) * 2, len(forenames) + 1), dtype=np.int16)
    for pattern in FORENAME_PATTERNS:
        for sex in "FM":
            group = [row for row in forename_rows if row["pattern"] == pattern and row["sex"] == sex]
            named = [row["name"] for row in group]
            for name in named:
                similar[len(forename_slots), forename_at[name]] = forename_at[_alike(name, named)]
            forename_slots.append(
                slots([float(row["weight"]) for row in group], [forename_at[name] for name in named])
            )

    surname_slots: list[Ints] = []
    feminine = np.arange(len(surnames) + 1, dtype=np.int16)
    for pattern in PATTERNS:
        group = [row for row in surname_rows if row["pattern"] == pattern]
        surname_slots.append(
            slots([float(row["weight"]) for row in group], [surname_at[row["name"]] for row in group])
        )
        for row in group:
            if row["feminine"]:
                feminine[surname_at[row["name"]]] = surname_at[row["feminine"]]

    return Pools(
        forenames=(None, *forenames),
        surnames=(None, *surnames),
        streets=tuple(row["street"] for row in _rows("streets.csv")),
        forename_slots=np.stack(forename_slots).astype(np.int16),
        surname_slots=np.stack(surname_slots).astype(np.int16),
        feminine=feminine,
        similar=similar,
    )


def _premises() -> list[str]:
    """House numbers, small ones more often, and a few flats."""
    houses = [f"{1 + i * i // 6000} " for i in range(880)]
    flats = [f"Flat {1 + i % 9}, {1 + (i * 7) % 60} " for i in range(144)]
    return houses + flats


@lru_cache(maxsize=4)
def _marks(chance_of_each: float) -> Words:
    """For 16 random bits, 16 other bits that are each set with this chance: a history in one look-up."""
    rows = np.arange(1 << 16, dtype=np.int64)
    marks = np.zeros(1 << 16, dtype=np.uint64)
    for bit in range(16):
        hit = chance.happens(chance_of_each, 0, "half-year marks", rows, np.int64(bit))
        marks |= hit.astype(np.uint64) << np.uint64(bit)
    return marks


def _changes(word: Words, a_year: float, day: Ints) -> Ints:
    """How many changes at this yearly rate a random word has had by a day."""
    marks = _marks(a_year / 2)
    history = marks[lane(word, 0, 16)]
    for shift in (16, 32, 48):
        history |= marks[lane(word, shift, 16)] << np.uint64(shift)
    offset = lane(word, 9, 8) % 182
    passed = np.clip(((day - _HISTORY_START - offset) / _HALF_YEAR).astype(np.int64), 0, _HALF_YEARS - 1)
    seen = history & ((np.uint64(1) << passed.view(np.uint64)) - np.uint64(1))
    return np.bitwise_count(seen).astype(np.int64)


class Population:
    """The residents of the force, background and focus alike."""

    def __init__(self, seed: int, ward_population: Floats, overrides: PeopleOverrides | None = None) -> None:
        if overrides is not None and np.any(np.diff(overrides.key) <= 0):
            raise ValueError("overrides must be sorted by key, each key once")
        self.seed = seed
        self.overrides = overrides if overrides is not None and len(overrides.key) else None
        self.pools = pools()
        weights = np.asarray(ward_population, dtype=np.float64)
        self.ward_weights = weights
        self.postcodes_in_ward = np.clip(
            np.rint(weights / weights.sum() * _HOMES_IN_FORCE_POSTCODES), 20, _INWARD_COUNT
        ).astype(np.int64)
        areas = [POSTAL_AREAS[i // 60 % len(POSTAL_AREAS)] for i in range(len(weights))]
        self.outward = pl.Series([f"{area}{i % 60 + 1} " for i, area in enumerate(areas)])
        letters = _INWARD_LETTERS
        self.inward = pl.Series(
            [f"{i // 400}{letters[i // 20 % 20]}{letters[i % 20]}" for i in range(_INWARD_COUNT)]
        )
        self.premises = pl.Series(_premises())
        self.streets = pl.Series(self.pools.streets)
        self.forenames = pl.Series(self.pools.forenames)
        self.surnames = pl.Series(self.pools.surnames)
        self._household_kinds = slots(list(HOUSEHOLD_WEIGHTS), list(range(7)), 16).astype(np.int8)
        self._ethnicities = slots(list(ETHNICITY_WEIGHTS), list(range(5)), 16).astype(np.int8)
        self._patterns = np.stack(
            [slots(list(row), list(range(len(PATTERNS)))) for row in PATTERN_WEIGHTS]
        ).astype(np.int8)

    def _decided(self, keys: Ints) -> tuple[Ints, Ints]:
        """Which rows have an override, and where it is."""
        if self.overrides is None:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        rows = np.flatnonzero(keys >= self.overrides.key[0])
        found = np.minimum(np.searchsorted(self.overrides.key, keys[rows]), len(self.overrides.key) - 1)
        hit = self.overrides.key[found] == keys[rows]
        return rows[hit], found[hit]

    def facts(self, keys: Ints) -> Facts:
        """What never changes about these people."""
        keys = np.ascontiguousarray(keys, dtype=np.int64)
        household, position = keys // 3, keys % 3
        home = chance.words(self.seed, "household", household)
        ages = chance.words(self.seed, "household ages", household)
        ties = chance.words(self.seed, "household ties", household)
        own = chance.words(self.seed, "person", keys)
        origin = chance.words(self.seed, "person origin", keys)
        later = chance.words(self.seed, "person later", keys)
        rows, found = self._decided(keys)

        kind = self._household_kinds[lane(home, 0, 16)]
        focus = np.flatnonzero(keys >= FOCUS_START)
        # A focus household tells its own story: its people share a name or they do not, nothing else.
        kind[focus] = np.where(lane(home[focus], 0, 8) < 96, COUPLE_AND_CHILD, SHARERS)
        couple = (kind == COUPLE_AND_CHILD) | (kind == FATHER_AND_SON) | (kind == COUPLE_AND_LODGER)
        son = (kind == FATHER_AND_SON) & (position == 2)
        twin = (kind == TWINS) & (position > 0)
        apart = (kind == SHARERS) | ((kind == COUPLE_AND_LODGER) & (position == 2))

        sex = self._sex(kind, position, ties, own, couple)
        head_age, age = self._ages(kind, position, ages, own, couple, apart)
        birth_day = DAY_2020 - (age * YEAR).astype(np.int64)
        ethnicity, household_ethnicity = self._ethnicity(keys, position, home, origin, couple, apart)
        left_day = self._left_day(kind, position, birth_day, later)
        fixed_ward = np.full(len(keys), -1, dtype=np.int16)
        if self.overrides is not None and len(rows):
            sex[rows] = self.overrides.sex[found]
            birth_day[rows] = self.overrides.birth_day[found]
            ethnicity[rows] = self.overrides.ethnicity[found]
            left_day[rows] = self.overrides.moved_out_day[found]
            fixed_ward[rows] = self.overrides.ward[found]

        home_pattern = self._patterns[household_ethnicity, lane(home, 32, _SLOT_BITS)]
        own_pattern = self._patterns[ethnicity, lane(origin, 16, _SLOT_BITS)]
        pattern = np.where(apart | (ethnicity != household_ethnicity), own_pattern, home_pattern)

        name_birth = np.where(son, DAY_2020 - (head_age * YEAR).astype(np.int64), birth_day)
        forename = self._forename(keys, son, twin, pattern, sex, name_birth, ties)
        middle_name = self._drawn_forename(pattern, sex, name_birth, lane(own, 0, _SLOT_BITS))
        middle_name[share(own, 14, 12) >= MIDDLE_NAME_SHARE] = 0
        middle_name[middle_name == forename] = 0

        surname_slots, feminine = self.pools.surname_slots, self.pools.feminine
        family = surname_slots[home_pattern, lane(home, 46, _SLOT_BITS)]
        born = surname_slots[pattern, lane(later, 0, _SLOT_BITS)]
        spouse = surname_slots[pattern, lane(later, 14, _SLOT_BITS)]
        woman = sex == 0
        wife = woman & ((couple & (position < 2)) | ((kind == LONE_PARENT) & (position == 0)))
        first = np.where(apart | wife, born, family)
        last = np.where(wife, family, spouse)
        changes = woman & (share(later, 28, 10) < np.where(wife, WIFE_TAKES_NAME, OTHER_WOMAN_MARRIES))
        change_day = birth_day + ((19.0 + 26.0 * share(later, 38, 10) ** 1.4) * YEAR).astype(np.int64)
        first = np.where(woman, feminine[first], first)
        last = np.where(woman, feminine[last], last)
        return Facts(
            key=keys,
            household=household,
            sex=sex,
            birth_day=birth_day,
            ethnicity=ethnicity,
            pattern=pattern,
            forename=forename,
            middle_name=middle_name,
            first_surname=first.astype(np.int64),
            later_surname=last.astype(np.int64),
            surname_change_day=np.where(changes & (first != last), change_day, NEVER),
            left_household_day=left_day,
            fixed_ward=fixed_ward,
        )

    def _sex(self, kind: Bytes, position: Ints, ties: Words, own: Words, couple: NDArray[np.bool_]) -> Bytes:
        """Couples are mostly a man and a woman, lone parents mostly mothers, twins mostly alike."""
        drawn = lane(own, 26, 1)
        first = lane(ties, 0, 1)
        partners = couple & (position < 2)
        same = (lane(ties, 1, 5) == 0) & (kind != FATHER_AND_SON)
        first = np.where(kind == FATHER_AND_SON, 1, first)
        sex = np.where(partners, np.where((position == 0) | same, first, 1 - first), drawn)
        sex = np.where((kind == FATHER_AND_SON) & (position == 2), 1, sex)
        sex = np.where((kind == LONE_PARENT) & (position == 0), lane(ties, 8, 3) == 0, sex)
        alike = (kind == TWINS) & (position > 0) & (lane(ties, 6, 2) > 0)
        return np.where(alike, first, sex).astype(np.int8)

    def _ages(
        self,
        kind: Bytes,
        position: Ints,
        ages: Words,
        own: Words,
        couple: NDArray[np.bool_],
        apart: NDArray[np.bool_],
    ) -> tuple[Floats, Floats]:
        """Ages at the start of 2020, of the first of the household and of the person: mostly young adults."""
        drawn = share(own, 27, 20)
        base = share(ages, 0, 20)
        parent = 35.0 + 41.0 * base**1.5
        childless = 19.0 + 60.0 * base**1.7
        siblings = 13.0 + 42.0 * base**1.6
        head = np.where(kind == SIBLINGS, siblings, np.where(kind == COUPLE_AND_LODGER, childless, parent))
        apart_age = 16.5 + 60.0 * drawn**1.9
        partner = head - 6.0 + 12.0 * drawn
        gap = np.where(kind == FATHER_AND_SON, 25.0 + 10.0 * drawn, 18.0 + 18.0 * drawn)
        child = head - np.where(kind == TWINS, 18.0 + 18.0 * share(ages, 20, 20), gap)
        other = np.where(couple & (position == 1), partner, child)
        other = np.where(kind == SIBLINGS, head + 9.0 * drawn, other)
        # The share of a year keeps the many at the lower edge from having one birthday.
        head = np.maximum(head, 10.0 + share(ages, 40, 20))
        head = np.where(kind == FATHER_AND_SON, head + 4.0, head)
        age = np.where(apart, apart_age, np.where(position == 0, head, other))
        spread = np.where((kind == TWINS) & (position > 0), share(ages, 44, 20), drawn * 997.0 % 1.0)
        return head, np.clip(np.where(age < 10.0, 10.0 + 3.0 * spread, age), 10.0, 85.0)

    def _ethnicity(
        self,
        keys: Ints,
        position: Ints,
        home: Words,
        origin: Words,
        couple: NDArray[np.bool_],
        apart: NDArray[np.bool_],
    ) -> tuple[Bytes, Bytes]:
        """Ethnicity of the person and of the household; housemates and some partners differ."""
        household = self._ethnicities[lane(home, 16, 16)]
        rows, found = self._decided(keys - position)
        if self.overrides is not None:
            household[rows] = self.overrides.ethnicity[found]
        differs = (lane(origin, 60, 4) < 9) & apart | (lane(origin, 60, 4) == 0) & couple & (position == 1)
        drawn = self._ethnicities[lane(origin, 0, 16)]
        return np.where(differs, drawn, household), household

    def _left_day(self, kind: Bytes, position: Ints, birth_day: Ints, later: Words) -> Ints:
        """The day somebody leaves for an address of their own; most partners never do."""
        drawn, when = share(later, 48, 6), share(later, 54, 10)
        grown = birth_day + ((18.0 + 12.0 * when) * YEAR).astype(np.int64)
        some_day = DAY_2020 - 2920 + (when * 7305.0).astype(np.int64)
        two_children = (kind == TWINS) | (kind == LONE_PARENT)
        child = (kind != SHARERS) & (position == 2) | two_children & (position == 1)
        of_family = np.where(child, 0.55, np.where(position == 1, 0.2, 0.0))
        leaves = drawn < np.where(kind == SHARERS, 0.8, of_family)
        return np.where(leaves, np.where(child, grown, some_day), NEVER)

    def _drawn_forename(self, pattern: Bytes, sex: Bytes, birth_day: Ints, slot: Ints) -> Ints:
        """A forename of the pattern and sex; British names follow the fashion of the year of birth."""
        return self.pools.forename_slots[self._name_group(pattern, sex, birth_day), slot].astype(np.int64)

    def _name_group(self, pattern: Bytes, sex: Bytes, birth_day: Ints) -> Ints:
        fashion = (birth_day >= -1826).astype(np.int64) + (birth_day >= 6574)
        group = np.where(pattern == 0, fashion, pattern.astype(np.int64) + 2) * 2 + sex
        return group.astype(np.int64)

    def _forename(
        self,
        keys: Ints,
        son: NDArray[np.bool_],
        twin: NDArray[np.bool_],
        pattern: Bytes,
        sex: Bytes,
        birth_day: Ints,
        ties: Words,
    ) -> Ints:
        """A forename; sons may carry the father's, twins may have names that sound alike."""
        alike = twin & (keys % 3 == 2) & (share(ties, 11, 8) < SIMILAR_TWIN_NAMES)
        name_key = np.where(son, keys - 2, np.where(alike, keys - 1, keys))
        slot = lane(chance.words(self.seed, "forename", name_key), 0, _SLOT_BITS)
        group = self._name_group(pattern, sex, birth_day)
        forename = self.pools.forename_slots[group, slot].astype(np.int64)
        return np.where(alike, self.pools.similar[group, forename], forename)

    def place(self, facts: Facts, day: Ints) -> Place:
        """Where these people live on a day."""
        left = day >= facts.left_household_day
        home = np.where(left, facts.key * 2 + 1, facts.household * 2)
        moves = _changes(chance.words(self.seed, "moves", home), MOVES_A_YEAR, day)
        first = chance.words(self.seed, "home ward", home)
        here = chance.words(self.seed, "address", home, moves)
        stays = (moves == 0) | (lane(here, 62, 2) < round(STAYS_IN_WARD * 4))
        ward = chance.pick(self.ward_weights, share(np.where(stays, first, here), 0, 32))
        ward = np.where(facts.fixed_ward >= 0, facts.fixed_ward, ward)
        slot = (lane(here, 32, 20) * self.postcodes_in_ward[ward]) >> 20
        return Place(
            ward=ward,
            inward=(slot * 1237 + ward * 731) % _INWARD_COUNT,
            premises=lane(here, 52, 10),
            street=(ward * 613 + (slot >> 2) * 7919) % len(self.pools.streets),
        )

    def phone_number(self, facts: Facts, day: Ints) -> Ints:
        """The telephone number in use on a day, without its leading 0; some households share one."""
        shared = (day < facts.left_household_day) & (
            share(chance.words(self.seed, "household phone", facts.household), 0) < HOUSEHOLD_PHONE_SHARE
        )
        line = np.where(shared, facts.household * 2, facts.key * 2 + 1)
        history = chance.words(self.seed, "phones", line)
        changes = _changes(history, PHONE_CHANGES_A_YEAR, day)
        restless = np.flatnonzero(
            share(chance.words(self.seed, "restless phones", line), 0) < RESTLESS_PHONE_SHARE
        )
        changes[restless] = _changes(history[restless], RESTLESS_PHONE_CHANGES_A_YEAR, day[restless])
        number = lane(chance.words(self.seed, "phone number", line, changes), 0, 60) % 10**9
        return 6 * 10**9 + number

    def postcode_text(self, ward: Ints, inward: Ints) -> pl.Series:
        return self.outward.gather(ward) + self.inward.gather(inward)

    def address_text(self, place: Place) -> pl.Series:
        return self.premises.gather(place.premises) + self.streets.gather(place.street)

    def describe(self, keys: Ints, at_day: Ints) -> pl.DataFrame:
        """One row for each key, as the person truly was on that day."""
        facts = self.facts(keys)
        day = np.broadcast_to(np.asarray(at_day, dtype=np.int64), facts.key.shape)
        place = self.place(facts, day)
        return pl.DataFrame(
            {
                "key": facts.key,
                "sex": facts.sex,
                "birth_day": facts.birth_day.astype(np.int32),
                "ethnicity": facts.ethnicity,
                "forename": self.forenames.gather(facts.forename),
                "middle_name": self.forenames.gather(facts.middle_name),
                "surname": self.surnames.gather(facts.surname_on(day)),
                "ward": place.ward.astype(np.int16),
                "address": self.address_text(place),
                "postcode": self.postcode_text(place.ward, place.inward),
                "phone": phone_text(self.phone_number(facts, day)),
            }
        )


def phone_text(number: Ints) -> pl.Series:
    """A number as it is dialled: eleven digits from 06, a range that is not given out."""
    return "0" + pl.Series(number).cast(pl.String)
