"""The residents: the same person in any order, true households, names and numbers nobody has."""

from __future__ import annotations

import re

import numpy as np
import polars as pl
import pytest

from data_samples.people import (
    FATHER_AND_SON,
    FOCUS_START,
    NEVER,
    PeopleOverrides,
    Population,
    pools,
    spelling_rows,
)

WARDS = np.linspace(1.0, 3.0, 40)
DAY = 18_000


@pytest.fixture(scope="module")
def population() -> Population:
    return Population(3, WARDS)


@pytest.fixture(scope="module")
def residents(population: Population) -> pl.DataFrame:
    keys = np.arange(30_000, dtype=np.int64)
    return population.describe(keys, np.full(len(keys), DAY))


def test_a_person_does_not_depend_on_the_company(population: Population, residents: pl.DataFrame) -> None:
    keys = np.array([29_999, 7, 7, 12_345, 0], dtype=np.int64)
    again = Population(3, WARDS).describe(keys, np.full(5, DAY))
    assert again.equals(residents[keys.tolist()])
    other = Population(4, WARDS).describe(keys, np.full(5, DAY))
    assert not other.equals(again)
    assert population.describe(keys[:0], keys[:0]).height == 0


def test_columns_and_kinds(residents: pl.DataFrame) -> None:
    assert dict(residents.schema) == {
        "key": pl.Int64,
        "sex": pl.Int8,
        "birth_day": pl.Int32,
        "ethnicity": pl.Int8,
        "forename": pl.String,
        "middle_name": pl.String,
        "surname": pl.String,
        "ward": pl.Int16,
        "address": pl.String,
        "postcode": pl.String,
        "phone": pl.String,
    }
    assert residents.drop("middle_name").null_count().sum_horizontal().item() == 0
    assert 0.38 < residents["middle_name"].is_null().to_numpy().mean() < 0.44


def test_no_postcode_or_telephone_number_can_be_real(residents: pl.DataFrame) -> None:
    assert residents["phone"].str.contains(r"^06\d{9}$").all()
    assert residents["postcode"].str.contains(r"^[QVX][A-Z]\d{1,2} \d[A-Z]{2}$").all()


def test_ages_are_those_of_people_who_come_to_notice(residents: pl.DataFrame) -> None:
    age = (18_262 - residents["birth_day"].to_numpy()) / 365.2425
    assert age.min() > 9.9
    assert age.max() < 85.1
    assert 0.6 < ((age >= 18) & (age < 55)).mean() < 0.8


def test_common_surnames_are_common(residents: pl.DataFrame) -> None:
    count = residents["surname"].value_counts(sort=True)["count"].to_numpy()
    assert 0.005 < count[0] / residents.height < 0.02
    assert len(count) > 1_000


def test_households_share_what_households_share(population: Population) -> None:
    keys = np.arange(60_000, dtype=np.int64)
    facts = population.facts(keys)
    people = population.describe(keys, np.full(len(keys), DAY)).with_columns(
        household=pl.col("key") // 3, at_home=pl.Series(facts.left_household_day > DAY)
    )
    homes = people.filter("at_home").group_by("household").agg(pl.col("address").n_unique())
    assert (homes["address"] == 1).all()
    by_position = [facts.birth_day[at::3] for at in range(3)]
    twins = (by_position[1] == by_position[2]).mean()
    assert 0.005 < twins < 0.02
    names = facts.forename.reshape(-1, 3)
    surnames = facts.first_surname.reshape(-1, 3)
    same = (names[:, 0] == names[:, 2]) & (surnames[:, 0] == surnames[:, 2])
    years = (by_position[2] - by_position[0])[same] / 365.2425
    assert 0.015 < ((years > 24.9) & (years < 35.1)).sum() / len(names) < 0.035
    assert FATHER_AND_SON == 1


def test_people_move_marry_and_change_telephones(population: Population) -> None:
    keys = np.arange(20_000, dtype=np.int64)
    first, later = (population.describe(keys, np.full(len(keys), day)) for day in (16_000, 16_000 + 3_652))
    assert 0.4 < (first["address"] != later["address"]).to_numpy().mean() < 0.75
    assert 0.3 < (first["phone"] != later["phone"]).to_numpy().mean() < 0.6
    women = (first["sex"] == 0) & (first["birth_day"] < 10_000)
    changed = population.facts(keys).surname_change_day
    assert 0.18 < (changed < 20_000)[women.to_numpy()].mean() < 0.4
    same = ["sex", "birth_day", "ethnicity", "forename", "middle_name"]
    assert first.select(same).equals(later.select(same))


def test_overrides_are_obeyed() -> None:
    keys = np.array([FOCUS_START, FOCUS_START + 1, FOCUS_START + 6], dtype=np.int64)
    decided = PeopleOverrides(
        key=keys,
        sex=np.array([1, 0, 0], dtype=np.int8),
        birth_day=np.array([5_000, 6_000, 7_000], dtype=np.int64),
        ethnicity=np.array([0, 0, 4], dtype=np.int8),
        ward=np.array([4, 4, 9], dtype=np.int16),
        moved_out_day=np.array([NEVER, DAY, NEVER], dtype=np.int64),
    )
    population = Population(3, WARDS, decided)
    before, after = (population.describe(keys, np.full(3, day)) for day in (DAY - 1, DAY))
    for name in ("sex", "birth_day", "ethnicity", "ward"):
        assert before[name].to_list() == getattr(decided, name).tolist()
    assert before["address"][0] == before["address"][1]
    assert after["address"][0] != after["address"][1]
    background = np.arange(3_000, dtype=np.int64)
    days = np.full(len(background), DAY)
    assert population.describe(background, days).equals(Population(3, WARDS).describe(background, days))
    with pytest.raises(ValueError, match="sorted"):
        Population(
            3, WARDS, PeopleOverrides(**{name: getattr(decided, name)[::-1] for name in vars(decided)})
        )


def test_name_lists_fit_every_dialect() -> None:
    names = pools()
    texts = [text for text in (*names.forenames, *names.surnames, *names.streets) if text]
    spellings = [*spelling_rows("nicknames.csv").items(), *spelling_rows("transliterations.csv").items()]
    texts += [text for name, others in spellings for text in (name, *others)]
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z' -]*", text) for text in texts)
    assert len(names.surnames) > 1_200
    assert len(names.forenames) > 600
