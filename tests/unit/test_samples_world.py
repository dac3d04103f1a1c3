"""The people and courses of a force follow their rates by chance, and police actions change what follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm

from data_samples import offences, rates
from data_samples.ceilings import ceilings, expected_auc
from data_samples.course_records import CourseRecords, records_of_courses
from data_samples.course_records.calls import neighbours
from data_samples.courses import OFFENDERS_FROM, Cast, draw_cast
from data_samples.geography import build_geography
from data_samples.lives import Lives, live
from data_samples.shocks import CALM, Shock

END = rates.day_number(date(2024, 12, 30))
START = rates.day_number(date(2014, 12, 30))
YEAR_FROM = rates.day_number(date(2021, 4, 1))


@dataclass(frozen=True)
class World:
    cast: Cast
    lives: Lives
    records: CourseRecords


def make_world(seed: int, focus: float, shock: Shock = CALM) -> World:
    cast = draw_cast(seed, focus, START, END, build_geography(focus), shock)
    lives = live(seed, cast, shock)
    return World(cast, lives, records_of_courses(seed, cast, lives, shock))


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(17, 0.35)


@pytest.fixture(scope="module")
def known(world: World) -> pl.DataFrame:
    return ceilings(world.cast, world.lives, world.records.records["crimes"])


def stalking_cases(world: World) -> pl.DataFrame:
    return world.lives.cases.filter(pl.col("stalking_class") & ~pl.col("is_hidden"))


def test_the_same_seed_gives_the_same_world_and_another_seed_another() -> None:
    first, again, other = make_world(3, 0.01), make_world(3, 0.01), make_world(4, 0.01)
    assert first.lives.reports.equals(again.lives.reports)
    assert first.records.records["crimes"].equals(again.records.records["crimes"])
    assert first.lives.reports.height != other.lives.reports.height


def test_counts_vary_between_seeds_as_chance_would_have_it() -> None:
    """No quotas: the number of courses is Poisson, and the stalking of a year varies at least as much."""
    geography = build_geography(0.02)
    courses = np.array(
        [len(draw_cast(seed, 0.02, START, END, geography, CALM).courses.offender) for seed in range(60)]
    )
    spread = courses.var(ddof=1) / courses.mean()
    assert 0.55 < spread < 1.65  # a Poisson variance ratio over 60 seeds lies here 99.9 times in a hundred
    yearly: list[int] = []
    for seed in range(24):
        cast = draw_cast(seed, 0.02, START, END, geography, CALM)
        cases = live(seed, cast, CALM).cases
        recorded = cases["recorded"].to_numpy()
        now = (recorded >= YEAR_FROM) & (recorded < YEAR_FROM + 365)
        yearly.append(int((now & cases["stalking_class"].to_numpy() & ~cases["is_hidden"].to_numpy()).sum()))
    counts = np.array(yearly)
    assert counts.var(ddof=1) > 0.45 * counts.mean()
    assert abs(counts.mean() - 7928 * 0.02) < 0.10 * 7928 * 0.02


def test_nobody_holds_thousands_but_some_hold_many(world: World) -> None:
    crimes = world.records.records["crimes"].filter(pl.col("named") & (pl.col("offender") >= 10**12))
    held = crimes.group_by("offender").len()["len"].to_numpy()
    assert held.max() < 300
    ordered = np.sort(held)[::-1]
    assert ordered[: len(ordered) // 20].sum() > 0.25 * ordered.sum()  # a twentieth holds over a quarter


def test_conduct_is_reported_more_in_summer(world: World) -> None:
    day = world.lives.reports["day"].to_numpy()
    month = day.astype("datetime64[D]").astype("datetime64[M]").astype(int) % 12
    assert np.isin(month, (3, 4, 5, 6, 7, 8)).mean() > 0.55


def test_reports_excite_reports(world: World) -> None:
    """After a report the next four weeks hold more reports of the same course than the four after those."""
    reports = world.lives.reports.sort("course", "day")
    course, day = reports["course"].to_numpy(), reports["day"].to_numpy()
    gap = np.diff(day)[np.diff(course) == 0]
    assert (gap < 28).sum() > 1.15 * ((gap >= 28) & (gap < 56)).sum()


def test_hidden_courses_are_never_recorded_as_stalking(world: World) -> None:
    crimes = world.records.records["crimes"].filter(pl.col("course") >= 0)
    hidden = world.cast.courses.hidden[crimes["course"].to_numpy()]
    told = world.records.truth["offences"].filter(pl.col("course_key") >= 0)
    own = told["has_case"].to_numpy() & world.cast.courses.hidden[told["course_key"].to_numpy()]
    assert hidden.sum() > 100
    assert not np.isin(told["kind"].to_numpy()[own], offences.STALKING).any()
    assert abs(world.cast.courses.hidden.mean() - rates.HIDDEN_SHARE) < 0.01


def test_nobody_is_named_where_the_offender_is_unknown(world: World) -> None:
    crimes = world.records.records["crimes"].filter(pl.col("course") >= 0)
    told = world.records.truth["offences"].filter(pl.col("has_case"))
    unknown = world.cast.courses.unknown_offender[told["course_key"].to_numpy()]
    named = crimes.join(told.select("crime").filter(pl.Series(unknown)), on="crime", how="semi")["named"]
    assert named.len() > 50
    assert not named.any()
    notes = world.records.records["notes"].join(
        told.select("crime").filter(pl.Series(unknown)), on="crime", how="semi"
    )
    assert (notes["suspect"] == -1).all()


def test_an_arrest_quietens_a_course_and_lantern_does_but_beacon_does_not(world: World) -> None:
    """Reports in the weeks after a case, with the action and without."""
    cases = stalking_cases(world).filter(pl.col("suspect_identified"))
    reports = world.lives.reports.sort("course", "day")
    line = reports["course"].to_numpy() * 1e6 + reports["day"].to_numpy()
    start = cases["course"].to_numpy() * 1e6 + cases["recorded"].to_numpy()

    def following(rows: np.ndarray, low: float, high: float) -> float:
        counted = np.searchsorted(line, start[rows] + high) - np.searchsorted(line, start[rows] + low)
        return float(counted.mean())

    arrested = cases["arrested"].to_numpy() & (cases["arrest_after"].to_numpy() < 2)
    quiet = following(np.flatnonzero(arrested), 30, 84)
    lively = following(np.flatnonzero(~cases["arrested"].to_numpy()), 30, 84)
    assert quiet < 0.9 * lively
    operation = cases["operation"].to_numpy()
    during = cases["recorded"].to_numpy() > rates.day_number(rates.OPERATIONS_FROM)
    none, lantern, beacon = (
        following(np.flatnonzero(during & (operation == number)), 30, 300) for number in (0, 1, 2)
    )
    assert lantern < 0.85 * none
    assert beacon > 0.75 * none


@pytest.mark.parametrize("model", ["withdrawal", "nfa"])
def test_planted_odds_come_back_from_the_true_covariates(world: World, model: str) -> None:
    """A plain logistic regression finds each planted odds ratio within its 99.9% interval."""
    planted = rates.WITHDRAWAL if model == "withdrawal" else rates.NFA
    cases = world.lives.cases if model == "withdrawal" else world.lives.cases.filter(~pl.col("withdrew"))
    cases = cases.filter(pl.col("operation") == 0)
    outcome = cases["withdrew" if model == "withdrawal" else "police_nfa"].to_numpy().astype(float)
    design = np.column_stack([cases[f"{model}_x_{term}"].to_numpy().astype(float) for term in planted])
    fitted = sm.Logit(outcome, sm.add_constant(design)).fit(disp=0)
    off = np.abs(fitted.params[1:] - np.log(list(planted.values()))) / fitted.bse[1:]
    assert off.max() < 4.2, dict(zip(planted, off.round(1), strict=True))
    assert (off > 1.96).mean() < 0.25


def test_an_action_counts_only_if_it_came_before_the_decision(world: World) -> None:
    cases = world.lives.cases
    withdrew = cases.filter(pl.col("withdrew"))
    seen = np.minimum(withdrew["arrest_after"].to_numpy(), withdrew["interview_after"].to_numpy())
    counted = withdrew["withdrawal_x_arrested_or_interviewed"].to_numpy()
    before = seen < withdrew["withdraw_after"].to_numpy()
    assert (counted == before).all()


def test_the_ceilings_lie_where_the_literature_puts_them(known: pl.DataFrame) -> None:
    year = known.filter((pl.col("horizon_days") == 365) & (pl.col("threshold") == 365))
    late = year.filter(pl.col("cut_off") >= date(2021, 4, 1))
    everything = late["p_everything"].to_numpy().astype(float)
    recorded = late["p_recorded"].to_numpy().astype(float)
    assert 0.78 < expected_auc(everything) < 0.86
    assert 0.74 < expected_auc(recorded) < 0.80
    matured = late.drop_nulls("outcome")
    assert 0.015 < matured["outcome"].to_numpy().mean() < 0.04


@pytest.mark.parametrize("column", ["p_everything", "p_recorded"])
@pytest.mark.parametrize("horizon", [365, 730])
def test_the_ceilings_are_calibrated(known: pl.DataFrame, column: str, horizon: int) -> None:
    """The stated approximation holds: in each third of the chances, what was expected came to pass."""
    matured = known.filter(
        (pl.col("horizon_days") == horizon) & (pl.col("threshold") == 365) & pl.col("outcome").is_not_null()
    ).sort(column, "cut_off", "person_key")
    for third in np.array_split(np.arange(matured.height), 3):
        part = matured[third.tolist()]
        chance = part[column].to_numpy().astype(float)
        came = part["outcome"].to_numpy().astype(float)
        # A person stands in many cut-offs: the spread is that of people, not of rows.
        people = (
            part.select("person_key", gap=pl.Series(came - chance))
            .group_by("person_key")
            .agg(pl.col("gap").sum())
        )
        error = float(np.sqrt((people["gap"].to_numpy() ** 2).sum()))
        assert abs(came.sum() - chance.sum()) < 3.5 * error + 0.04 * chance.sum()


def test_knowing_everything_is_better_than_knowing_the_records(known: pl.DataFrame) -> None:
    for horizon in (365, 730):
        for threshold in (365, 1460):
            part = known.filter((pl.col("horizon_days") == horizon) & (pl.col("threshold") == threshold))
            assert part.height > 1000
            every = expected_auc(part["p_everything"].to_numpy().astype(float))
            record = expected_auc(part["p_recorded"].to_numpy().astype(float))
            assert every > record + 0.02


def test_no_outcome_is_known_before_its_time(known: pl.DataFrame) -> None:
    end = date(2024, 12, 30)
    early = known.filter(pl.col("outcome").is_null())
    assert early.height > 0
    left = early.select(
        (pl.lit(end) - pl.col("cut_off")).dt.total_days() - pl.col("horizon_days")
    ).to_series()
    assert (left < 0).all()


@pytest.mark.parametrize("name", ["rule_change", "outcome_shift", "coding_shift"])
def test_a_shock_changes_what_it_says_from_its_day_on_and_nothing_before(name: str) -> None:
    day = rates.day_number(date(2023, 1, 2))
    calm, shaken = make_world(8, 0.06), make_world(8, 0.06, Shock(name, day, 1.5))

    def after(world: World, early: bool) -> pl.DataFrame:
        rows = pl.col("created") < day * 86_400 if early else pl.col("created") >= (day + 28) * 86_400
        return world.records.records["crimes"].filter(rows)

    def measure(crimes: pl.DataFrame) -> float:
        kind = crimes["kind"].to_numpy()
        if name == "rule_change":
            return float(np.isin(kind, offences.STALKING).mean())
        if name == "outcome_shift":
            return float(np.isin(kind, offences.SEVERE).mean())
        return float((kind == offences.NUMBER["ASLT"]).mean())

    change = measure(after(shaken, False)) / measure(after(calm, False))
    expected = {"rule_change": (0.2, 0.75), "outcome_shift": (1.6, 4.0), "coding_shift": (0.2, 0.75)}
    low, high = expected[name]
    assert low < change < high
    before = measure(after(shaken, True)) / measure(after(calm, True))
    assert 0.9 < before < 1.1


def test_a_new_mix_of_offenders_changes_those_who_come_after_its_day() -> None:
    day = rates.day_number(date(2021, 1, 4))
    calm, shaken = (
        draw_cast(8, 0.2, START, END, build_geography(0.2), shock)
        for shock in (CALM, Shock("new_offender_mix", day, 1.0))
    )

    def petty(cast: Cast, late: bool) -> float:
        first = np.full(len(cast.offenders.key), np.inf)
        np.minimum.at(first, cast.courses.offender, cast.courses.first_report)
        return float((cast.offenders.kind[(first >= day) == late] == 0).mean())

    assert petty(shaken, late=True) > petty(calm, late=True) + 0.15
    assert petty(shaken, late=False) == petty(calm, late=False)


def test_who_calls_for_a_victim_is_of_the_household_and_of_the_same_kind() -> None:
    """The first household of the focus begins with its second person: nobody may call from before it."""
    residents, focus = np.arange(30), OFFENDERS_FROM + np.arange(30)
    for victim in (residents, focus):
        called = neighbours(victim)
        assert (called // 3 == victim // 3).all() and (called != victim).all()
        assert ((called >= OFFENDERS_FROM) == (victim >= OFFENDERS_FROM)).all()
