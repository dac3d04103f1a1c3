"""How each police system writes a person down: under which local number, with which mistakes.

A mistake in a name or a date of birth belongs to the nominal and is the same on every occasion; an address or
a telephone number is as of the day, or older, or was never asked for. Every wrong value is handed back beside
the truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data_samples import chance
from data_samples.chance import Ints, Words
from data_samples.people import (
    FOCUS_START,
    YEAR,
    Facts,
    Population,
    lane,
    phone_text,
    pools,
    share,
    slots,
    spelling_rows,
)

Flags = NDArray[np.bool_]

SYSTEMS: Final = ("crime", "custody", "contact", "intelligence", "domestic")
PREFIXES: Final = {"crime": "N", "custody": "D", "contact": "C", "intelligence": "S", "domestic": "P"}

# What a system has a field for; the rest is null in every row.
FIELDS: Final = {
    "crime": ("date_of_birth", "sex", "ethnicity", "address", "postcode", "phone", "middle_name"),
    "custody": ("date_of_birth", "sex", "ethnicity", "address", "postcode", "phone", "middle_name"),
    "contact": ("phone",),
    "intelligence": ("date_of_birth", "sex", "postcode"),
    "domestic": ("date_of_birth", "sex", "ethnicity", "address", "postcode", "phone"),
}

# Every rate of untruth in one place: fixed with the force, never edited to help what is measured on it.
RATES: Final[dict[str, float]] = {
    # a fresh nominal is opened although one exists, by system: what a hurried search fails to find
    "new_nominal_crime": 0.10,  # searched by name and date of birth, as given
    "new_nominal_custody": 0.03,  # fingerprints find the old record
    "new_nominal_contact": 0.05,  # the number that rings brings up the old record
    "new_nominal_intelligence": 0.12,  # a source rarely gives enough to search by
    "new_nominal_domestic": 0.10,  # as in the crime system
    # corruption of a later nominal is this many times that of the first: a bad name is why the search failed
    "later_nominal_factor": 2.6,
    # how careless everybody is: the one dial by which the recall of three good rules is set
    "carelessness": 0.60,
    # how careless each system is against the crime system
    "care_crime": 1.0,  # the measure of the others
    "care_custody": 0.6,  # the person stands there and is searched
    "care_contact": 0.45,  # few fields, read back to the caller
    "care_intelligence": 1.0,  # typed from other systems
    "care_domestic": 1.0,  # the same officers as in the crime system
    # forename, for a first nominal of the crime system
    "forename_typo": 0.022,  # typed once in a hurry
    "forename_nickname": 0.04,  # of names that have one
    "forename_transliteration": 0.08,  # of names that have another spelling
    "forename_initial": 0.006,  # copied from a form that had no more
    "forename_middle_name": 0.014,  # known by the middle name, of those who have one
    "forename_swapped": 0.008,  # the two names in each other's field
    # surname
    "surname_typo": 0.026,  # surnames are longer
    "surname_transliteration": 0.06,  # of names that have another spelling
    "surname_previous": 0.18,  # of those who changed it, after the change
    "surname_hyphenated": 0.010,  # both family names given
    # date of birth
    "dob_day_month_swapped": 0.03,  # where both are twelve or less
    "dob_digit": 0.018,  # another last digit of the day, or a decade off
    "dob_year_off_by_one": 0.014,  # reckoned from an age
    "dob_first_of_january": 0.018,  # the form will not take a year alone
    "dob_missing": 0.020,  # nobody asked
    # sex
    "sex_unknown": 0.004,  # a choice the form offers
    "sex_missing": 0.006,  # skipped
    "sex_wrong": 0.002,  # guessed from the forename
    # on each occasion
    "address_stale": 0.10,  # the address before a move, not asked again
    "address_missing": 0.07,  # of no fixed abode, or not asked
    "phone_stale": 0.05,  # copied from the last report
    "phone_missing": 0.08,  # not given
    "phone_format": 0.14,  # the right number in another dress
    "phone_digit": 0.010,  # misheard
    "postcode_typo": 0.014,  # one character off
}
LATER_NOMINALS: Final = (0.55, 0.25, 0.13, 0.07)  # which of the four others, where not the first
ONLY_BY_NUMBER: Final = 5  # nominals from here on are a caller with nothing but a number
MOST_NOMINALS: Final = 8
KEYS_OF_A_KIND: Final = 2**28

# Ethnicity as officers code it; the first letter gives the group.
ETHNICITY_CODES: Final = (("A1", "A2", "A3", "A9"), ("B1", "B2", "B9", "B9"), ("M1", "M2", "M3", "M9"),
                          ("O1", "O9", "O9", "O9"), ("W1", "W1", "W1", "W9"))  # fmt: skip
ETHNICITY_OF_LETTER: Final = {"A": "asian", "B": "black", "M": "mixed", "O": "other", "W": "white"}

FORENAME_KINDS: Final = ("", "typo", "nickname", "transliteration", "initial", "middle_name", "swapped")
SURNAME_KINDS: Final = ("", "typo", "transliteration", "previous_surname", "hyphenated")
DOB_KINDS: Final = ("", "day_month_swapped", "digit", "year_off_by_one", "first_of_january", "missing")
SEX_KINDS: Final = ("", "unknown", "missing", "wrong")

_TYPOS = 6
_SPELLINGS = 4
_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


CORRUPTED: Final[dict[str, pl.DataType]] = {
    name: pl.String() for name in ("nominal_ref", "field", "kind", "true_value", "recorded_value")
}


@dataclass(frozen=True)
class Recorded:
    """What a system wrote, who it was, and every value that was wrong."""

    frame: pl.DataFrame
    identity: pl.DataFrame
    corrupted: pl.DataFrame


@dataclass(frozen=True)
class Spellings:
    """Every text a name field may hold, and from each name the way to its other spellings (0 where none)."""

    texts: pl.Series
    surnames_at: int
    typo: Ints  # [text, which]
    nickname: Ints
    variant: Ints
    initial: Ints  # [text]


def _beside(letter: str) -> str:
    """The key to the right, or to the left at the end of a row."""
    for row in _KEYBOARD:
        at = row.find(letter)
        if at >= 0:
            return row[at + 1] if at + 1 < len(row) else row[at - 1]
    return letter


def _slips(name: str) -> list[str]:
    """Misspellings of a name: a letter dropped, doubled, transposed or hit beside, never the first."""
    slips: list[str] = []
    for step in range(_TYPOS * 3):
        at = 1 + (step * 3 + step // 4 + len(name)) % max(len(name) - 2, 1)
        low = name[at].lower() if at < len(name) else ""
        if not low.isalpha():
            continue
        kind = step % 4
        if kind == 0 and at + 1 < len(name):
            slip = name[:at] + name[at + 1].lower() + low + name[at + 2 :]
        elif kind == 1 and len(name) > 3:
            slip = name[:at] + name[at + 1 :]
        elif kind == 2:
            slip = name[:at] + low + name[at:]
        else:
            slip = name[:at] + _beside(low) + name[at + 1 :]
        if slip != name and slip not in slips:
            slips.append(slip)
    return [slips[i % len(slips)] for i in range(_TYPOS)]


@lru_cache(maxsize=1)
def spellings() -> Spellings:
    """Work out every misspelling of every name once, so that a typing error is a look-up."""
    names = pools()
    texts: list[str | None] = [*names.forenames, *names.surnames[1:]]
    clean = len(texts)
    at: dict[str, int] = {}

    def place(text: str) -> int:
        if text not in at:
            at[text] = len(texts)
            texts.append(text)
        return at[text]

    nicknames = spelling_rows("nicknames.csv")
    variants = spelling_rows("transliterations.csv")
    typo = np.zeros((clean, _TYPOS), dtype=np.int64)
    nickname = np.zeros((clean, _SPELLINGS), dtype=np.int64)
    variant = np.zeros((clean, _SPELLINGS), dtype=np.int64)
    initial = np.zeros(clean, dtype=np.int64)
    for i in range(1, clean):
        name = texts[i] or ""
        typo[i] = [place(slip) for slip in _slips(name)]
        initial[i] = place(name[0])
        for table, others in ((nickname, nicknames), (variant, variants)):
            if known := others.get(name):
                table[i] = [place(known[j % len(known)]) for j in range(_SPELLINGS)]
    return Spellings(
        texts=pl.Series(texts, dtype=pl.String),
        surnames_at=len(names.forenames) - 1,
        typo=typo,
        nickname=nickname,
        variant=variant,
        initial=initial,
    )


def _kinds(prefix: str, kinds: tuple[str, ...], factor: float) -> Ints:
    """A look-up table from 16 random bits to a kind of mistake, 0 for none."""
    rates = [min(RATES[f"{prefix}_{kind}"] * factor, 0.9) for kind in kinds]
    return slots([max(1.0 - sum(rates), 0.0), *rates], list(range(len(rates) + 1)), 16)


@dataclass(frozen=True)
class _Tables:
    """One system's look-up tables, for first and for later nominals."""

    nominal: Ints
    forename: Ints
    surname: Ints
    dob: Ints
    sex: Ints


def _pair(prefix: str, kinds: tuple[str, ...], care: float) -> Ints:
    later = care * RATES["later_nominal_factor"]
    return np.stack([_kinds(prefix, kinds, care), _kinds(prefix, kinds, later)])


def _tables(system: str) -> _Tables:
    care = RATES["carelessness"] * RATES[f"care_{system}"]
    fresh = RATES[f"new_nominal_{system}"]
    return _Tables(
        nominal=slots([1.0 - fresh, *(fresh * weight for weight in LATER_NOMINALS)], list(range(5)), 16),
        forename=_pair("forename", FORENAME_KINDS[1:], care),
        surname=_pair("surname", ("typo", "transliteration", "previous", "hyphenated"), care),
        dob=_pair("dob", DOB_KINDS[1:], care),
        sex=_pair("sex", SEX_KINDS[1:], care),
    )


@dataclass(frozen=True)
class _Draws:
    """The random words behind one call: of the person, of the nominal, of the occasion."""

    person: Words
    flaw: Words
    spelling: Words
    occasion: Words
    habit: Words
    later: Ints  # 1 where the nominal is not the person's first


class _Log:
    """Collects wrong values as they are written."""

    def __init__(self, refs: pl.Series) -> None:
        self._refs = refs
        self._parts: list[pl.DataFrame] = []

    def add(self, field: str, rows: Ints, kind: pl.Series, true: pl.Series, recorded: pl.Series) -> None:
        """Log these rows of a field, but for those where the mistake happened to give the truth."""
        part = pl.DataFrame(
            {
                "nominal_ref": self._refs.gather(rows),
                "field": pl.repeat(field, len(rows), dtype=pl.String, eager=True),
                "kind": kind,
                "true_value": true,
                "recorded_value": recorded,
            }
        )
        self._parts.append(part.filter(pl.col("true_value").ne_missing(pl.col("recorded_value"))))

    def frame(self) -> pl.DataFrame:
        return pl.concat([pl.DataFrame(schema=CORRUPTED), *self._parts])


def scramble(seed: int, system: str, index: Ints) -> Ints:
    """The numbers below 2**32 shuffled one to one (four Feistel rounds), so that two people never share."""
    left, right = index >> 16, index & 0xFFFF
    for turn in range(4):
        mixed = lane(chance.words(seed, f"nominal number {system}", right, np.int64(turn)), 0, 16)
        left, right = right, left ^ mixed
    return left << 16 | right


def _named_kind(kinds: tuple[str, ...], chosen: Ints) -> pl.Series:
    return pl.Series(kinds).gather(chosen)


def _dates(days: Ints, missing: Flags) -> pl.Series:
    dates = pl.DataFrame({"day": days.astype(np.int32), "missing": missing})
    return dates.select(pl.when(~pl.col("missing")).then(pl.col("day").cast(pl.Date)))["day"]


class Registry:
    """The nominal indexes of the five systems that write people down."""

    def __init__(self, seed: int, population: Population) -> None:
        self.seed = seed
        self.population = population
        self.spellings = spellings()
        self._tables = {system: _tables(system) for system in SYSTEMS}
        self._ethnicity_codes = pl.Series([code for codes in ETHNICITY_CODES for code in codes])

    def nominal_ref(self, system: str, keys: Ints, nominal: Ints) -> pl.Series:
        """The local number of a person's nominal: unique in the system, and it tells nothing."""
        focus = keys >= FOCUS_START
        within = np.where(focus, keys - FOCUS_START, keys)
        if len(within) and (within.min() < 0 or within.max() >= KEYS_OF_A_KIND):
            raise ValueError("a person key lies outside the range that nominal numbers can hold")
        index = (focus.astype(np.int64) << 31) | (within << 3) | nominal
        number = scramble(self.seed, system, index) + 10**9
        return PREFIXES[system] + pl.Series(number).cast(pl.String)

    def record(
        self,
        system: str,
        keys: Ints,
        occasion: Ints,
        at_day: Ints,
        *,
        ethnicity_missing: Flags | None = None,
        named: Flags | None = None,
    ) -> Recorded:
        """What the system writes about these people on these occasions, row for row.

        `named` says on which rows a caller gave a name (all, where not given); the others have a number only.
        """
        if system not in SYSTEMS:
            raise ValueError(f"no such system: {system!r}; there are {', '.join(SYSTEMS)}")
        keys = np.ascontiguousarray(keys, dtype=np.int64)
        day = np.broadcast_to(np.asarray(at_day, dtype=np.int64), keys.shape)
        facts = self.population.facts(keys)
        once = chance.words(self.seed, f"occasion {system}", keys, occasion)
        tables = self._tables[system]
        number = self.population.phone_number(facts, day)
        nominal = tables.nominal[lane(once, 0, 16)]
        if named is not None:
            by_number = ONLY_BY_NUMBER + number % (MOST_NOMINALS - ONLY_BY_NUMBER)
            nominal = np.where(named, nominal, by_number)
        draws = _Draws(
            person=chance.words(self.seed, "other spelling", keys),
            flaw=chance.words(self.seed, f"nominal {system}", keys, nominal),
            spelling=chance.words(self.seed, f"spelling {system}", keys, nominal),
            occasion=once,
            habit=chance.words(self.seed, f"habit {system}", keys, occasion),
            later=(nominal > 0).astype(np.int64),
        )
        refs = self.nominal_ref(system, keys, nominal)
        log = _Log(refs)

        columns: dict[str, pl.Series] = {"nominal_ref": refs}
        columns |= self._names(system, facts, day, draws, named, log)
        fields = FIELDS[system]
        if "date_of_birth" in fields:
            columns["date_of_birth"] = self._birth_date(facts, tables.dob, draws, log)
        if "sex" in fields:
            columns["sex"] = self._sex(facts, tables.sex[draws.later, lane(draws.flaw, 48, 16)], log)
        if "ethnicity" in fields:
            columns["ethnicity"] = self._ethnicity(facts, ethnicity_missing)
        if "postcode" in fields:
            columns |= self._address(facts, day, draws, log, has_address="address" in fields)
        if "phone" in fields:
            columns["phone"] = self._phone(facts, day, number, draws, log, calls=system == "contact")
        frame = pl.DataFrame(columns)
        absent = [name for name in _COLUMNS if name not in columns]
        frame = frame.with_columns(pl.lit(None, dtype=_COLUMNS[name]).alias(name) for name in absent)
        return Recorded(
            frame=frame.select(*_COLUMNS),
            identity=pl.DataFrame({"nominal_ref": refs, "person_key": keys}),
            corrupted=log.frame(),
        )

    def _names(
        self,
        system: str,
        facts: Facts,
        day: Ints,
        draws: _Draws,
        named: Flags | None,
        log: _Log,
    ) -> dict[str, pl.Series]:
        """Surname, forename and middle name: positions are moved about, texts are looked up last."""
        known, tables, later, which = self.spellings, self._tables[system], draws.later, draws.spelling
        true_forename = facts.forename
        true_surname = facts.surname_on(day) + known.surnames_at
        forename, surname = true_forename.copy(), true_surname.copy()
        forename_kind = tables.forename[later, lane(draws.flaw, 0, 16)]
        surname_kind = tables.surname[later, lane(draws.flaw, 16, 16)]
        if named is not None:
            forename_kind[~named] = 0
            surname_kind[~named] = 0

        rows = np.flatnonzero(surname_kind)
        kind, start, choice = surname_kind[rows], surname[rows], which[rows]
        # People go by one nickname and one other spelling, whoever writes it down.
        habit = draws.person[rows]
        changed = day[rows] >= facts.surname_change_day[rows]
        previous = facts.first_surname[rows] + known.surnames_at
        written = np.where(kind == 1, known.typo[start, lane(choice, 0, 16) % _TYPOS], start)
        written = np.where(kind == 2, known.variant[start, lane(habit, 0, 2)], written)
        written = np.where((kind == 3) & changed, previous, written)
        surname[rows] = np.where(written > 0, written, start)

        double = np.flatnonzero(surname_kind == 4)
        married = day[double] >= facts.surname_change_day[double]
        drawn = self.population.pools.surname_slots[facts.pattern[double], lane(which[double], 18, 14)]
        other = np.where(married, facts.first_surname[double], drawn) + known.surnames_at
        hyphenated = known.texts.gather(other) + "-" + known.texts.gather(surname[double])
        texts = pl.concat([known.texts, hyphenated])
        added = len(known.texts) + np.arange(len(double))
        surname[double] = np.where(other != surname[double], added, surname[double])

        rows = np.flatnonzero(forename_kind)
        kind, start, choice = forename_kind[rows], forename[rows], which[rows]
        habit = draws.person[rows]
        written = np.where(kind == 1, known.typo[start, lane(choice, 32, 16) % _TYPOS], start)
        written = np.where(kind == 2, known.nickname[start, lane(habit, 2, 2)], written)
        written = np.where(kind == 3, known.variant[start, lane(habit, 4, 2)], written)
        written = np.where(kind == 4, known.initial[start], written)
        written = np.where(kind == 5, facts.middle_name[rows], written)
        forename[rows] = np.where(written > 0, written, start)
        swapped = np.flatnonzero(forename_kind == 6)
        forename[swapped], surname[swapped] = surname[swapped], forename[swapped].copy()

        if named is not None:
            forename[~named] = 0
            surname[~named] = 0
        surnames = texts.str.to_uppercase() if system == "custody" else texts
        columns = {"surname": surnames.gather(surname), "forename": texts.gather(forename)}
        wrong = np.flatnonzero((forename != true_forename) & (forename_kind > 0))
        log.add(
            "forename",
            wrong,
            _named_kind(FORENAME_KINDS, forename_kind[wrong]),
            texts.gather(true_forename[wrong]),
            texts.gather(forename[wrong]),
        )
        wrong = np.flatnonzero((surname != true_surname) & ((surname_kind > 0) | (forename_kind == 6)))
        kinds = np.where(forename_kind[wrong] == 6, len(SURNAME_KINDS), surname_kind[wrong])
        log.add(
            "surname",
            wrong,
            _named_kind((*SURNAME_KINDS, "swapped"), kinds),
            texts.gather(true_surname[wrong]),
            surnames.gather(surname[wrong]),
        )
        if "middle_name" in FIELDS[system]:
            # A middle name is asked for about half the time, and not again where it stands as the forename.
            keep = (lane(which, 52, 1) == 0) & (forename_kind != 5)
            columns["middle_name"] = texts.gather(np.where(keep, facts.middle_name, 0))
        return columns

    def _birth_date(self, facts: Facts, table: Ints, draws: _Draws, log: _Log) -> pl.Series:
        """Date of birth, wrong in the ways of hurried typing and of forms that will not take a blank."""
        kind = table[draws.later, lane(draws.flaw, 32, 16)]
        days, missing = facts.birth_day.copy(), kind == 5
        rows = np.flatnonzero((kind > 0) & (kind < 5))
        born = days[rows].astype("datetime64[D]")
        years, months = born.astype("datetime64[Y]"), born.astype("datetime64[M]")
        month = (months - years.astype("datetime64[M]")).astype(np.int64)
        date = (born - months.astype("datetime64[D]")).astype(np.int64)
        choice, slip = kind[rows], draws.spelling[rows]

        swapped = (years.astype("datetime64[M]") + date).astype("datetime64[D]") + month
        written = np.where((choice == 1) & (date < 12), swapped.astype(np.int64), days[rows])
        # Another last digit of the day, within the days that every month has, or a year ten off.
        tens, ones = (date + 1) // 10, (date + 1) % 10
        ones = (ones + 1 + lane(slip, 53, 4) % 7) % 9
        near = np.clip(tens * 10 + ones, 1, 28) - 1
        decade = np.where(days[rows] < 5479, self._year_shift(born, 10), self._year_shift(born, -10))
        digit = np.where(lane(slip, 57, 2) > 0, days[rows] - date + near, days[rows] + decade)
        written = np.where(choice == 2, digit, written)
        sooner = lane(slip, 59, 1) == 0
        off = np.where(sooner, self._year_shift(born, -1), self._year_shift(born, 1))
        written = np.where(choice == 3, days[rows] + off, written)
        january = years.astype("datetime64[D]").astype(np.int64)
        days[rows] = np.where(choice == 4, january, written)

        dates = _dates(days, missing)
        wrong = np.flatnonzero((days != facts.birth_day) | missing)
        true = pl.Series(facts.birth_day[wrong].astype(np.int32)).cast(pl.Date).cast(pl.String)
        recorded = dates.gather(wrong).cast(pl.String)
        log.add("date_of_birth", wrong, _named_kind(DOB_KINDS, kind[wrong]), true, recorded)
        return dates

    @staticmethod
    def _year_shift(born: NDArray[np.datetime64], years: int) -> Ints:
        """Days to the same date some years on; 29 February rolls into March."""
        months = born.astype("datetime64[M]")
        moved = (months + 12 * years).astype("datetime64[D]") + (born - months.astype("datetime64[D]"))
        return (moved - born).astype(np.int64)

    def _sex(self, facts: Facts, kind: Ints, log: _Log) -> pl.Series:
        """A letter for the sex, now and then unknown, left out or wrong."""
        letters = pl.Series(["F", "M", "U", None])
        true = facts.sex.astype(np.int64)
        code = np.where(kind == 0, true, np.where(kind == 1, 2, np.where(kind == 2, 3, 1 - true)))
        wrong = np.flatnonzero(kind)
        kinds = _named_kind(SEX_KINDS, kind[wrong])
        log.add("sex", wrong, kinds, letters.gather(true[wrong]), letters.gather(code[wrong]))
        return letters.gather(code)

    def _ethnicity(self, facts: Facts, missing: Flags | None) -> pl.Series:
        """The code the person gave; one person always gives the same."""
        drawn = lane(chance.words(self.seed, "ethnicity code", facts.key), 0, 2)
        codes = self._ethnicity_codes.gather(facts.ethnicity.astype(np.int64) * 4 + drawn)
        if missing is None:
            return codes
        return pl.select(pl.when(pl.Series(~missing)).then(codes)).to_series()

    def _address(
        self, facts: Facts, day: Ints, draws: _Draws, log: _Log, *, has_address: bool
    ) -> dict[str, pl.Series]:
        """Address and postcode of the day; stale ones are simply those of an earlier day."""
        people, once, habit = self.population, draws.occasion, draws.habit
        place = people.place(facts, day)
        ward, inward = place.ward.copy(), place.inward.copy()
        premises, street = place.premises.copy(), place.street.copy()
        stale = np.flatnonzero(share(once, 16) < RATES["address_stale"])
        earlier = day[stale] - (YEAR * (0.5 + 6.0 * share(habit, 0)[stale])).astype(np.int64)
        before = people.place(_some(facts, stale), earlier)
        ward[stale], inward[stale] = before.ward, before.inward
        premises[stale], street[stale] = before.premises, before.street
        typo = np.flatnonzero(share(habit, 16) < RATES["postcode_typo"])
        slip = lane(habit, 32, 10)[typo]
        at, by = slip % 3, 1 + slip % 7
        unit = np.where(at == 0, 400, np.where(at == 1, 20, 1))
        digits = inward[typo] // unit % np.where(at == 0, 10, 20)
        inward[typo] += ((digits + by) % np.where(at == 0, 10, 20) - digits) * unit

        shown = share(once, 32) >= RATES["address_missing"]
        postcode = people.postcode_text(ward, inward)
        columns = {"postcode": _where(shown, postcode)}
        elsewhere = (ward != place.ward) | (premises != place.premises) | (street != place.street)
        moved = stale[elsewhere[stale]]
        wrong = np.unique(np.concatenate([moved, typo]))
        wrong = wrong[shown[wrong]]
        is_typo = np.isin(wrong, typo).astype(np.int64)
        log.add(
            "postcode",
            wrong,
            _named_kind(("stale", "typo"), is_typo),
            people.postcode_text(place.ward[wrong], place.inward[wrong]),
            postcode.gather(wrong),
        )
        if has_address:
            address = people.premises.gather(premises) + people.streets.gather(street)
            columns["address"] = _where(shown, address)
            wrong = moved[shown[moved]]
            log.add(
                "address",
                wrong,
                pl.repeat("stale", len(wrong), dtype=pl.String, eager=True),
                people.premises.gather(place.premises[wrong]) + people.streets.gather(place.street[wrong]),
                address.gather(wrong),
            )
        return columns

    def _phone(
        self, facts: Facts, day: Ints, number: Ints, draws: _Draws, log: _Log, *, calls: bool
    ) -> pl.Series:
        """The number of the day, an old one, a mistyped one, or the right one in another dress."""
        true, once, habit = number, draws.occasion, draws.habit
        written = number.copy()
        stale_draw = share(once, 48)
        stale_rows = stale_draw < RATES["phone_stale"]
        shown = share(habit, 42, 11) >= RATES["phone_missing"]
        digit_rows = share(habit, 53, 11) < RATES["phone_digit"]
        if calls:
            # A call shows the number it comes from: never missing, never old, never mistyped.
            shown = np.ones(len(number), dtype=np.bool_)
            stale_rows, digit_rows = np.zeros_like(stale_rows), np.zeros_like(digit_rows)
        stale = np.flatnonzero(stale_rows)
        age = 0.3 + 4.0 * stale_draw[stale] / RATES["phone_stale"]
        earlier = day[stale] - (YEAR * age).astype(np.int64)
        written[stale] = self.population.phone_number(_some(facts, stale), earlier)
        slipped = np.flatnonzero(digit_rows)
        power = 10 ** (lane(once, 20, 12)[slipped] % 8)
        digit = written[slipped] // power % 10
        written[slipped] += ((digit + 1 + lane(once, 40, 3)[slipped]) % 10 - digit) * power

        texts = phone_text(written)
        dress = share(chance.words(self.seed, "phone format", facts.key, day), 0)
        dressed = np.flatnonzero((dress < RATES["phone_format"]) & shown)
        plain = texts.gather(dressed)
        style = (dress[dressed] / RATES["phone_format"] * 3.0).astype(np.int64)
        forms = pl.DataFrame({"plain": plain, "style": style}).select(
            pl.when(pl.col("style") == 0)
            .then(pl.concat_str(pl.lit("+44 "), pl.col("plain").str.slice(1)))
            .when(pl.col("style") == 1)
            .then(pl.concat_str(pl.col("plain").str.slice(0, 5), pl.lit(" "), pl.col("plain").str.slice(5)))
            .otherwise(
                pl.concat_str(
                    pl.col("plain").str.slice(0, 5),
                    pl.lit("-"),
                    pl.col("plain").str.slice(5, 3),
                    pl.lit("-"),
                    pl.col("plain").str.slice(8),
                )
            )
        )
        texts = texts.scatter(dressed, forms.to_series())
        phones = _where(shown, texts)
        kind = np.zeros(len(number), dtype=np.int64)
        kind[dressed] = 3
        kind[stale[written[stale] != true[stale]]] = 1
        kind[slipped] = 2
        wrong = np.flatnonzero((kind > 0) & shown)
        log.add(
            "phone",
            wrong,
            _named_kind(("", "stale", "digit", "format"), kind[wrong]),
            phone_text(true[wrong]),
            texts.gather(wrong),
        )
        return phones


_COLUMNS: Final = {
    "nominal_ref": pl.String(),
    "surname": pl.String(),
    "forename": pl.String(),
    "middle_name": pl.String(),
    "date_of_birth": pl.Date(),
    "sex": pl.String(),
    "ethnicity": pl.String(),
    "address": pl.String(),
    "postcode": pl.String(),
    "phone": pl.String(),
}


def _where(shown: Flags, values: pl.Series) -> pl.Series:
    """The values where shown, null elsewhere."""
    return pl.select(pl.when(pl.Series(shown)).then(values)).to_series()


def _some(facts: Facts, rows: Ints) -> Facts:
    """The same facts about some of the people."""
    return Facts(**{name: getattr(facts, name)[rows] for name in Facts.__dataclass_fields__})
