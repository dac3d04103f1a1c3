"""The nominals: unique numbers, lasting mistakes, every untruth told, and how far three rules get."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from benchmarks.linkable import nominals
from data_samples.check.three_rules import three_rule_recall
from data_samples.nominals import FIELDS, SYSTEMS, Recorded, Registry, scramble, spellings
from data_samples.people import FOCUS_START, Population

SEED = 3
NAMES = ("surname", "forename", "date_of_birth")


@pytest.fixture(scope="module")
def population() -> Population:
    return Population(SEED, np.ones(60))


@pytest.fixture(scope="module")
def registry(population: Population) -> Registry:
    return Registry(SEED, population)


def _record(registry: Registry, system: str, people: int = 4_000, each: int = 3) -> Recorded:
    keys = np.repeat(np.arange(people, dtype=np.int64), each)
    occasion = np.arange(len(keys), dtype=np.int64)
    return registry.record(system, keys, occasion, 16_500 + occasion * 601 % 3_600)


def test_columns_are_the_same_in_every_system(registry: Registry) -> None:
    for system in SYSTEMS:
        made = _record(registry, system, 50)
        assert made.frame.columns == [
            *("nominal_ref", "surname", "forename", "middle_name", "date_of_birth", "sex", "ethnicity"),
            *("address", "postcode", "phone"),
        ]
        assert made.frame.schema["date_of_birth"] == pl.Date
        assert made.identity.columns == ["nominal_ref", "person_key"]
        assert made.corrupted.columns == ["nominal_ref", "field", "kind", "true_value", "recorded_value"]
        held = {"nominal_ref", "surname", "forename", *FIELDS[system]}
        for name in set(made.frame.columns) - held:
            assert made.frame[name].is_null().all()


def test_numbers_are_unique_to_one_nominal() -> None:
    index = np.concatenate([np.arange(200_000), 2**31 + np.arange(200_000), 2**32 - 1 - np.arange(100_000)])
    number = scramble(SEED, "crime", index.astype(np.int64))
    assert len(np.unique(number)) == len(index)
    assert number.min() >= 0
    assert number.max() < 2**32
    # Numbers drawn freely would meet some 29 times among so many.
    assert abs(np.corrcoef(index[:200_000], number[:200_000])[0, 1]) < 0.02


def test_a_number_names_one_person(registry: Registry, population: Population) -> None:
    keys = np.concatenate([np.arange(5_000), FOCUS_START + np.arange(5_000)]).astype(np.int64)
    for system in SYSTEMS:
        refs = [registry.nominal_ref(system, keys, np.full(len(keys), k)) for k in range(8)]
        assert pl.concat(refs).n_unique() == 8 * len(keys)
        assert pl.concat(refs).str.contains(r"^[A-Z]\d{10}$").all()
    with pytest.raises(ValueError, match="outside"):
        registry.nominal_ref("crime", np.array([2**40]), np.array([0]))


def test_a_row_does_not_depend_on_the_company(registry: Registry, population: Population) -> None:
    keys = np.arange(3_000, dtype=np.int64) % 700
    occasion = np.arange(3_000, dtype=np.int64)
    day = 17_000 + occasion
    whole = registry.record("domestic", keys, occasion, day)
    part = Registry(SEED, population).record("domestic", keys[::-7], occasion[::-7], day[::-7])
    assert part.frame.equals(whole.frame[::-7])
    assert part.identity.equals(whole.identity[::-7])


def test_mistakes_in_name_and_birth_last(registry: Registry) -> None:
    made = _record(registry, "crime", each=6)
    written = made.frame.group_by("nominal_ref").agg(pl.col(*NAMES).n_unique())
    assert (written["date_of_birth"] == 1).all()
    # Only a marriage between two occasions shows; in a swapped pair it shows as the forename.
    assert (written["forename"] > 1).sum() < 0.002 * written.height
    assert written["surname"].max() == 2
    assert (written["surname"] > 1).sum() < 0.05 * written.height


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_untruth_is_told(registry: Registry, population: Population, system: str) -> None:
    keys = np.arange(8_000, dtype=np.int64)
    day = np.full(len(keys), 18_000)
    made = registry.record(system, keys, keys, day)
    truth = population.describe(keys, day).with_columns(
        date_of_birth=pl.col("birth_day").cast(pl.Date), nominal_ref=made.frame["nominal_ref"]
    )
    for field in ("surname", "forename", *(name for name in FIELDS[system] if name in truth.columns)):
        if field in ("sex", "ethnicity", "middle_name"):
            continue
        written = made.frame[field].cast(pl.String)
        true = truth[field].cast(pl.String)
        if field == "surname":
            written = written.str.to_titlecase() if system == "custody" else written
            true = true.str.to_titlecase() if system == "custody" else true
        differs = truth.filter(
            true.ne_missing(written) & (written.is_not_null() | (field == "date_of_birth"))
        )
        told = made.corrupted.filter(pl.col("field") == field)
        assert set(differs["nominal_ref"]) == set(told["nominal_ref"]), field
        assert told.height > 0


def test_every_kind_occurs(registry: Registry) -> None:
    told = _record(registry, "crime", 20_000, 1).corrupted
    kinds = {field: set(part["kind"]) for (field,), part in told.group_by("field")}
    assert kinds == {
        "forename": {"typo", "nickname", "transliteration", "initial", "middle_name", "swapped"},
        "surname": {"typo", "transliteration", "previous_surname", "hyphenated", "swapped"},
        "date_of_birth": {"day_month_swapped", "digit", "year_off_by_one", "first_of_january", "missing"},
        "sex": {"unknown", "missing", "wrong"},
        "address": {"stale"},
        "postcode": {"stale", "typo"},
        "phone": {"stale", "digit", "format"},
    }
    swapped = told.filter(pl.col("kind") == "day_month_swapped")
    for true, written in swapped.select("true_value", "recorded_value").iter_rows():
        a, b = dt.date.fromisoformat(true), dt.date.fromisoformat(written)
        assert (a.year, a.month, a.day) == (b.year, b.day, b.month)
    january = told.filter(pl.col("kind") == "first_of_january")["recorded_value"]
    assert january.str.ends_with("-01-01").all()


def test_first_nominals_are_cleaner(registry: Registry) -> None:
    keys = np.repeat(np.arange(20_000, dtype=np.int64), 3)
    made = registry.record("crime", keys, np.arange(len(keys)), np.full(len(keys), 18_000))
    first = set(registry.nominal_ref("crime", np.arange(20_000), np.zeros(20_000, dtype=np.int64)))
    names = made.corrupted.filter(pl.col("field").is_in(["forename", "date_of_birth"]))
    wrong = set(names["nominal_ref"])
    every = set(made.frame["nominal_ref"])
    early = len(wrong & first) / len(every & first)
    late = len(wrong - first) / len(every - first)
    assert late > 1.8 * early


def test_callers_known_only_by_number(registry: Registry) -> None:
    keys = np.arange(2_000, dtype=np.int64)
    named = keys % 2 == 0
    made = registry.record("contact", keys, keys, np.full(len(keys), 18_000), named=named)
    nameless = made.frame.filter(pl.Series(~named))
    assert nameless["surname"].is_null().all()
    assert nameless["forename"].is_null().all()
    assert made.frame["phone"].is_not_null().all()
    assert made.frame.filter(pl.Series(named))["surname"].is_not_null().all()


def test_the_caller_decides_whose_ethnicity_is_missing(registry: Registry) -> None:
    keys = np.arange(1_000, dtype=np.int64)
    missing = keys % 3 == 0
    made = registry.record("crime", keys, keys, np.full(len(keys), 18_000), ethnicity_missing=missing)
    assert made.frame["ethnicity"].is_null().to_numpy().tolist() == missing.tolist()


def test_a_typing_error_is_another_name() -> None:
    known = spellings()
    names = known.texts.to_list()
    for index in range(1, len(known.typo)):
        assert all(names[slip] != names[index] for slip in known.typo[index])


def test_no_rows_and_no_such_system(registry: Registry) -> None:
    none = np.zeros(0, dtype=np.int64)
    for system in SYSTEMS:
        made = registry.record(system, none, none, none)
        assert made.frame.height == made.identity.height == made.corrupted.height == 0
    with pytest.raises(ValueError, match="no such system"):
        registry.record("gossip", none, none, none)


def test_three_rules_by_hand() -> None:
    def born(text: str | None) -> dt.date | None:
        return dt.date.fromisoformat(text) if text else None

    rows = [
        # two of one name, written differently, and a third found by postcode and surname
        ("N1", 1, "Firth", "Anna", "1980-02-03", "QX1 1AA", None),
        ("D1", 1, "FIRTH", "anna", "1980-02-03", None, None),
        ("P1", 1, "Firth", "Ann", "1980-02-03", "QX1 1AA", None),
        # found by telephone number in another dress, without a date of birth
        ("N2", 2, "Kaye", "Lee", "1971-01-01", None, "06123456789"),
        ("C2", 2, "Kaye", "Lee", None, None, "+44 6123 456789"),
        # never found: date of birth missing, nothing shared
        ("S2", 2, "Kay", "Leigh", None, None, None),
        # twins at one address are found wrongly
        ("N3", 3, "Shaw", "Ava", "1999-09-09", "QX2 2BB", None),
        ("N4", 4, "Shaw", "Eve", "1999-09-09", "QX2 2BB", None),
        # known by number alone: not counted
        ("C1", 1, None, None, None, None, "06000000000"),
    ]
    recorded = pl.DataFrame(
        [(*row[:4], born(row[4]), *row[5:]) for row in rows],
        schema={
            "nominal_ref": pl.String,
            "person_key": pl.Int64,
            "surname": pl.String,
            "forename": pl.String,
            "date_of_birth": pl.Date,
            "postcode": pl.String,
            "phone": pl.String,
        },
        orient="row",
    )
    found = three_rule_recall(recorded)
    assert (found.pairs, found.recalled, found.false_pairs) == (6, 3, 1)
    assert three_rule_recall(recorded.clear()).recall == 0.0


def test_three_rules_find_most_but_not_all(small_force: Path) -> None:
    """How hard the force is to link was fixed when it was made: over all systems that write people down."""
    found = three_rule_recall(nominals(small_force))
    assert found.pairs > 10_000
    assert 0.75 <= found.recall <= 0.90
    assert found.precision > 0.99
