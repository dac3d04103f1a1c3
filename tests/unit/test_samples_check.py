"""The check table: exact bands, pools, and a force of a few crimes that a person can count."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from math import log
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.stats import binom, binomtest, norm, poisson
from statsmodels.discrete.discrete_model import Logit

from data_samples.check import bands
from data_samples.check.force_database import HERE, ForceArguments
from data_samples.check.logistic import fit
from data_samples.check.published import PublishedError, PublishedFigure, read_published
from data_samples.check.table import CheckError, CheckTable, Generated, check, judge, render
from data_samples.geography import DISTRICTS
from data_samples.sources import DIALECTS, SOURCES

WHOLE = ForceArguments(scale=0.01, focus=1.0, start=date(2015, 1, 1), end=date(2024, 12, 30))
CODED_CASES = 6_600


# ------------------------------------------------------------------------------------------ bands
@pytest.mark.parametrize(("chance", "cases"), [(0.5, 200), (0.02, 7_000), (0.31, 6_612), (0.97, 4_000)])
@pytest.mark.parametrize("alpha", [0.01, 0.01 / 150])
def test_binomial_counts_are_exact(chance: float, cases: int, alpha: float) -> None:
    low, high = bands.binomial_counts(chance, cases, alpha)
    assert (low, high) == (binom.ppf(alpha / 2, cases, chance), binom.ppf(1 - alpha / 2, cases, chance))
    assert binom.cdf(low - 1, cases, chance) < alpha / 2 <= binom.cdf(low, cases, chance)
    assert binom.sf(high, cases, chance) <= alpha / 2 < binom.sf(high - 1, cases, chance)


def test_a_count_at_the_edge_of_the_band_is_what_the_exact_test_accepts() -> None:
    low, high = bands.binomial_counts(0.5, 1_000, 0.01)
    for inside, outside in ((low, low - 1), (high, high + 1)):
        assert binomtest(inside, 1_000, 0.5).pvalue >= 0.01 > binomtest(outside, 1_000, 0.5).pvalue


@pytest.mark.parametrize("expected", [100.0, 163.4, 7_928.0])
def test_poisson_counts_are_exact(expected: float) -> None:
    alpha = 0.01 / 150
    found = bands.poisson_counts(expected, alpha)
    assert found == (poisson.ppf(alpha / 2, expected), poisson.ppf(1 - alpha / 2, expected))


def test_bands_are_ten_per_cent_wider_than_chance() -> None:
    low, high = bands.binomial_counts(0.3, 1_000, 0.01)
    assert bands.share_band(0.3, 1_000, 0.01) == bands.Band(low / 1_000 * 0.9, high / 1_000 * 1.1)
    low, high = bands.poisson_counts(400.0, 0.01)
    assert bands.count_band(400.0, 0.01) == bands.Band(low * 0.9, high * 1.1)
    half = float(norm.ppf(0.995)) * 1.5 / 40
    band = bands.mean_band(2.4, 1.5, 1_600, 0.01)
    assert (band.low, band.high) == pytest.approx(((2.4 - half) * 0.9, (2.4 + half) * 1.1))


def test_a_share_and_its_complement_get_the_same_band() -> None:
    common, rare = bands.share_band(0.97, 5_000, 0.01), bands.share_band(0.03, 5_000, 0.01)
    assert (common.low, common.high) == pytest.approx((1 - rare.high, 1 - rare.low))
    assert not common.holds(1.0), "everybody is not 97%"
    assert bands.share_expected(0.97, 5_000) == pytest.approx(150)


def test_a_change_is_judged_by_how_two_years_share_their_total() -> None:
    band = bands.change_band(0.865, 9_415, 0.01)
    low, high = bands.binomial_counts(1.865 / 2.865, 9_415, 0.01)
    assert (band.low, band.high) == pytest.approx(
        (low / (9_415 - low) * 0.9 - 1, high / (9_415 - high) * 1.1 - 1)
    )
    assert band.holds(0.865)
    assert bands.change_expected(0.865, 9_415) == pytest.approx(9_415 / 2.865)


def test_an_odds_ratio_is_judged_on_its_logarithm() -> None:
    half = float(norm.ppf(0.995)) * 0.2
    band = bands.odds_band(5.0, 0.2, 0.01)
    assert (log(band.low / 0.9), log(band.high / 1.1)) == pytest.approx((log(5) - half, log(5) + half))


def test_the_regression_finds_planted_odds_and_knows_what_it_cannot_tell() -> None:
    random = np.random.default_rng(4)
    terms = np.column_stack([random.random((20_000, 2)) < (0.3, 0.5), np.zeros(20_000)]).astype(np.float64)
    chance = 1 / (1 + np.exp(-(-0.5 + terms @ np.array([log(1 / 8), 0.0, 0.0]))))
    happened = (random.random(20_000) < chance).astype(np.float64)
    fitted = fit(happened, terms)
    logit = Logit(happened, np.column_stack([np.ones(20_000), terms[:, :2]])).fit(disp=False)
    assert fitted.log_odds[:2] == pytest.approx(logit.params[1:], abs=1e-6)
    assert fitted.errors[:2] == pytest.approx(logit.bse[1:], rel=1e-6)
    assert fitted.errors[2] == np.inf
    assert fitted.cases.tolist() == [min(terms[:, 0].sum(), happened.sum()), happened.sum(), 0]
    assert not fit(np.zeros(10), np.ones((10, 2))).cases.any()


# ------------------------------------------------------------------------------- published figures
def test_every_published_row_has_a_query_or_a_reason() -> None:
    with (HERE / "published.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    queries = {path.stem for path in (HERE / "figures").glob("*.sql")}
    for row in rows:
        assert row["document"] and row["measure"] and row["value"], row
        assert row["query"] in queries if row["status"] == "used" else row["why"], row
    assert {row["query"] for row in rows if row["query"]} == queries, "no query is left over"


def test_pools_are_figures_of_the_same_kind() -> None:
    figures = read_published()
    for figure in figures.values():
        if figure.pool:
            assert figures[figure.pool].kind == figure.kind, figure.figure_id


def _rows(tmp_path: Path, *changes: dict[str, str]) -> Path:
    with (HERE / "published.csv").open(encoding="utf-8", newline="") as lines:
        first = next(csv.DictReader(lines)) | {"pool": ""}
    path = tmp_path / "published.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(first))
        writer.writeheader()
        writer.writerows(first | change for change in changes)
    return path


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"query": ""}, "no query"),
        ({"period": "someday"}, "not in periods"),
        ({"status": "set_aside", "why": ""}, "without a reason"),
        ({"pool": "nowhere"}, "its pool"),
        ({"pool": "a"}, "circle"),
        ({"kind": "guess"}, "unknown"),
    ],
)
def test_a_published_row_that_contradicts_itself_is_refused(
    tmp_path: Path, change: dict[str, str], complaint: str
) -> None:
    with pytest.raises(PublishedError, match=complaint):
        read_published(_rows(tmp_path, {"figure_id": "a"} | change))


def test_a_published_row_may_not_appear_twice(tmp_path: Path) -> None:
    with pytest.raises(PublishedError, match="twice"):
        read_published(_rows(tmp_path, {"figure_id": "a"}, {"figure_id": "a"}))


# --------------------------------------------------------------------------------------- verdicts
def _as_published(figures: dict[str, PublishedFigure], arguments: ForceArguments) -> dict[str, Generated]:
    """A force that shows just what was published."""
    found: dict[str, Generated] = {}
    for name, figure in figures.items():
        if figure.status == "set_aside":
            continue
        if figure.kind == "count":
            cases = round(figure.expected_count(arguments.scale, arguments.focus))
            found[name] = Generated(cases, cases)
        elif figure.kind == "ratio_change":
            cases = round(1_000 * arguments.focus)
            found[name] = Generated(round(cases * (1 + figure.value) / (2 + figure.value)), cases)
        elif figure.kind == "odds_ratio":
            found[name] = Generated(log(figure.value), round(1_000 * arguments.focus), spread=0.2)
        else:
            cases = round(CODED_CASES * arguments.focus)
            found[name] = Generated(figure.value * cases, cases, spread=1.0)
    return found


def _verdicts(table: CheckTable) -> dict[str, str]:
    return {row.figure.figure_id: row.verdict for row in table.rows}


def test_a_force_as_published_passes_and_more_than_ninety_figures_are_decided() -> None:
    figures = read_published()
    table = judge(figures, _as_published(figures, WHOLE), WHOLE)
    assert table.passed
    assert table.count("pass") > 90
    assert render(table).endswith(f"{table.count('pass')} pass, 0 fail, {table.count('too few')} too few\n")


@pytest.mark.parametrize(
    "name",
    [
        "stalking.year_to_2021_09.domestic.force",
        "change.all.force",
        "outcome.domestic.16.force",
        "behaviour.calls_or_texts",
        "behaviour.mean.4A",
        "share.domestic",
    ],
)
@pytest.mark.parametrize("spoilt", [0.75, 1.33])
def test_a_spoilt_figure_fails(name: str, spoilt: float) -> None:
    figures = read_published()
    found = _as_published(figures, WHOLE)
    found[name] = replace(found[name], numerator=min(found[name].numerator * spoilt, found[name].cases * 2))
    if figures[name].kind == "share":
        found[name] = replace(found[name], numerator=min(found[name].numerator, found[name].cases))
    table = judge(figures, found, WHOLE)
    assert [row.figure.figure_id for row in table.rows if row.verdict == "fail"] == [name]
    assert not table.passed
    assert ", 1 fail, " in render(table)


def test_too_few_cases_never_pass() -> None:
    figures = read_published()
    small = replace(WHOLE, focus=0.001, scale=0.001)
    table = judge(figures, _as_published(figures, small), small)
    assert table.count("pass") == 0 and table.count("fail") == 0
    assert set(_verdicts(table).values()) == {"too few"}


def test_a_share_near_one_needs_cases_on_its_other_side() -> None:
    figures = read_published()
    found = _as_published(figures, WHOLE)
    found["share.domestic"] = Generated(925, 1_000)
    assert _verdicts(judge(figures, found, WHOLE))["share.domestic"] == "too few"
    found["share.domestic"] = Generated(1_850, 2_000)
    assert _verdicts(judge(figures, found, WHOLE))["share.domestic"] == "pass"


def test_a_cell_with_too_few_cases_is_judged_in_the_nearest_pool_that_has_enough() -> None:
    figures = read_published()
    table = judge(figures, _as_published(figures, WHOLE), WHOLE)
    rows = {row.figure.figure_id: row for row in table.rows}
    cell = rows["stalking.year_to_2020_09.non_domestic.CD"]
    assert cell.verdict == "too few" and cell.judged_in == "stalking.year_to_2020_09.non_domestic.force"
    assert rows[cell.judged_in].verdict == "pass"
    assert cell not in table.shown()
    assert "(with 3 small" in render(table)
    lone = rows["behaviour.sexual_contact"]
    assert lone.verdict == "too few" and not lone.judged_in and lone in table.shown()


def test_a_period_that_the_force_does_not_cover_is_too_few() -> None:
    figures = read_published()
    young = replace(WHOLE, start=date(2022, 1, 1))
    verdicts = _verdicts(judge(figures, _as_published(figures, young), young))
    assert verdicts["stalking.year_to_2021_09.all.force"] == "too few"
    assert verdicts["channel.phone"] == "pass"


def test_unknown_and_unanswered_figures_raise() -> None:
    figures = read_published()
    found = _as_published(figures, WHOLE)
    with pytest.raises(PublishedError, match=r"^no\.such\.figure"):
        judge(figures, found | {"no.such.figure": Generated(1, 1)}, WHOLE)
    del found["share.domestic"]
    with pytest.raises(PublishedError, match=r"^share\.domestic"):
        judge(figures, found, WHOLE)


def test_the_error_rate_is_shared_by_all_that_is_decided() -> None:
    figures = read_published()
    few = {name: figures[name] for name in ("behaviour.calls_or_texts",)}
    found = _as_published(figures, WHOLE)
    alone = judge(few, {name: found[name] for name in few}, WHOLE).rows[0]
    among = next(r for r in judge(figures, found, WHOLE).rows if r.figure.figure_id in few)
    assert among.low < alone.low < alone.published < alone.high < among.high


# ---------------------------------------------------------------------------------- a small force
TRUTH_FLAGS = (
    "frightened",
    "distressed",
    "linked_reports",
    "continues_after_report",
    "arrested",
    "interviewed",
    "bailed",
    "remanded",
    "no_comment",
    "denied",
    "counter_allegation",
    "technology_evidence",
    "suspect_technology",
    "victim_technology",
    "third_party_evidence",
    "witness",
    "sdash",
    "support_offered",
    "support_declined",
    "special_scheme",
    "marac",
    "officer_doubts",
    "protection_order",
    "non_molestation",
    "restraining",
    "prevention_order",
    "withdrew",
    "withdrawal_statement",
    "stopped_cooperating",
    "police_nfa",
    "nfa_lack_of_evidence",
    "submitted_to_cps",
    "charged",
    "charge_differs",
    "children_together",
    "victim_previous_any",
    "victim_previous_stalking",
    "victim_previous_same_suspect",
    "victim_previous_domestic",
    "victim_previous_allegations",
    "victim_vulnerable",
    "victim_mental_health",
    "suspect_previous_allegations",
    "suspect_convictions",
    "suspect_mental_health",
    "suspect_substance",
    "victim_male",
    "suspect_male",
    "victim_ethnicity_missing",
    "suspect_ethnicity_missing",
)


TRUTH_DAYS = (
    "withdraw_after",
    "nfa_after",
    "cps_after",
    "suspect_technology_after",
    "victim_technology_after",
)
TERMS = [
    f"{model}_x_{name.rsplit('.')[-1]}"
    for name in read_published()
    for model in ("withdrawal", "nfa")
    if name.startswith(f"odds.{model}.")
]


def _write_extract(directory: Path, name: str, delivery: str, rows: list[dict[str, str]]) -> None:
    source = SOURCES[name]
    form = DIALECTS[source.dialect]
    folder = directory / "extracts" / name / delivery
    folder.mkdir(parents=True)
    frame = pl.DataFrame(
        [dict.fromkeys(source.columns) | row for row in rows], schema=dict.fromkeys(source.columns, pl.String)
    )
    text = frame.write_csv(separator=form.separator, line_terminator=form.line_end, null_value=form.null_text)
    mark = "\ufeff" if form.byte_order_mark else ""
    (folder / f"part.{form.extension}").write_bytes((mark + text).encode(form.encoding))


@pytest.fixture(scope="module")
def small_force(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty stalking crimes of October 2020 in the first district, every fourth not domestic."""
    directory = tmp_path_factory.mktemp("force")
    crimes: list[dict[str, str]] = []
    parties: list[dict[str, str]] = []
    offences: list[dict[str, str | bool | int]] = []
    cases: list[dict[str, str | bool | float]] = []
    for number in range(40):
        made = datetime(2020, 10, 1) + timedelta(hours=number)
        known = {
            "crime_ref": f"C{number:03}",
            "created_at": str(made),
            "updated_at": str(made),
            "first_class_code": "HAR" if number % 2 else "STK2A",
            "class_code": "HAR" if number % 2 else "STK2A",
            "district": DISTRICTS[0].code,
            "domestic_flag": "N" if number % 4 == 0 else "Y",
            "mo_text": 'she said "no";\r\nhe, again',
        }
        crimes.append(known)
        later = {"updated_at": "2021-03-01 09:00:00", "class_code": "STK2A", "outcome_code": "16"}
        crimes.append(known | later)
        crimes.append(known | later)  # sent twice
        crimes.append(known | later | {"updated_at": "2022-02-20 09:00:00", "outcome_code": "1"})
        parties.append(
            {
                "party_ref": f"P{number}",
                "crime_ref": known["crime_ref"],
                "updated_at": "14/10/2020 10:00:00",
                "surname": "Brontë",
                "relationship": "ex_partner" if number == 1 else "",
            }
        )
        offences.append(
            {
                "crime_ref": known["crime_ref"],
                "course_key": number,
                "escalation_victim": True,
                "escalation_officer": number % 2 == 0,
            }
        )
        cases.append(
            {
                "crime_ref": known["crime_ref"],
                "relationship": "stranger",
                "behaviours": 0b101,
                "kinds": 2,
                "place": 4,
            }
            | dict.fromkeys((*TRUTH_FLAGS, *TERMS), number % 2 == 0)
            | dict.fromkeys(("victim_age", "suspect_age"), 34.9)
            | {"victim_ethnicity": 4, "suspect_ethnicity": 4, "withdraw_reason": 0}
            | dict.fromkeys(TRUTH_DAYS, 3.5)
        )
    forms = [
        {"form_ref": "F1", "form_kind": "DASH", "crime_ref": "C004", "updated_at": "2020-10-15 10:00:00"}
    ]
    _write_extract(directory, "crimes", "2024-01-01", crimes[:100])
    _write_extract(directory, "crimes", "2024-01-29", crimes[100:])
    broken = directory / "extracts" / "crimes" / "2024-01-29" / "part.csv"
    broken.write_bytes(broken.read_bytes() + b"C099,2020-10-01 10:00:00\r\nC098," + b"x," * 60 + b"\r\n")
    _write_extract(directory, "crime_parties", "2024-01-01", parties)
    _write_extract(directory, "risk_forms", "2024-01-01", forms)
    truth = directory / "truth"
    truth.mkdir()
    pl.DataFrame(offences).write_parquet(truth / "offences.parquet")
    pl.DataFrame(cases).write_parquet(truth / "cases.parquet")
    pl.DataFrame({"course_key": range(40), "stalker_type": "rejected"}).write_parquet(
        truth / "courses.parquet"
    )
    told = {"scale": 0.01, "focus": 0.1, "seed": 1, "years": 10, "start": "2015-01-01", "end": "2024-12-30"}
    (truth / "force.json").write_text(json.dumps(told), encoding="utf-8")
    return directory


def test_a_small_force_is_counted_as_a_person_would(small_force: Path) -> None:
    table = check(small_force)
    rows = {row.figure.figure_id: row for row in table.rows}
    counted = {name: rows[name].generated for name in rows}
    assert counted["stalking.year_to_2021_09.all.force"] == 40
    assert counted["stalking.year_to_2021_09.domestic.BD"] == 30
    assert counted["stalking.year_to_2021_09.domestic.CD"] == 0
    assert counted["share.domestic"] == 0.75
    assert counted["outcome.domestic.16.BD"] == 1.0, "as it was known at the end of January 2022"
    assert counted["outcome.domestic.1.BD"] == 0.0, "charged only afterwards"
    assert counted["reclassified.share"] == 0.5
    assert counted["reclassified.from_harassment"] == 1.0
    assert counted["behaviour.calls_or_texts"] == 1.0
    assert counted["behaviour.surveillance.strangers"] == 0.0
    assert counted["behaviour.mean"] == 2.0
    assert counted["escalation.victim_only"] == 0.5
    assert counted["withdrawal.bin.within_7_days"] == 1.0
    assert counted["days.to_cps"] == 3.5
    assert counted["suspect.age.25_34"] == 1.0
    assert counted["suspect.ethnicity.white"] == 0.5
    assert counted["forms.no_dash.non_domestic"] == 0.9
    assert rows["missing.relationship_recorded"].cases == 0, "nothing was recorded in that year"
    assert {row.verdict for row in table.rows if row.figure.kind != "count"} == {"too few"}


def test_a_count_far_below_the_published_one_fails_even_when_it_is_nothing(small_force: Path) -> None:
    rows = {row.figure.figure_id: row for row in check(small_force).rows}
    assert rows["stalking.year_to_2021_09.all.force"].verdict == "fail"
    assert rows["stalking.year_to_2020_09.all.force"].verdict == "fail"


# --------------------------------------------------------------------------------- bad directories
def test_a_folder_that_is_no_force_gets_one_clear_sentence(tmp_path: Path, small_force: Path) -> None:
    with pytest.raises(CheckError, match="is not a folder"):
        check(tmp_path / "nowhere")
    with pytest.raises(CheckError, match="no extracts/ folder"):
        check(tmp_path)
    (tmp_path / "extracts").mkdir()
    with pytest.raises(CheckError, match="no truth/ folder"):
        check(tmp_path)
    (tmp_path / "truth").mkdir()
    with pytest.raises(CheckError, match=r"force\.json is missing"):
        check(tmp_path)
    told = tmp_path / "truth" / "force.json"
    told.write_text("{}", encoding="utf-8")
    with pytest.raises(CheckError, match="cannot be read"):
        check(tmp_path)
    told.write_text((small_force / "truth" / "force.json").read_text("utf-8"), encoding="utf-8")
    with pytest.raises(CheckError, match="holds no offences files"):
        check(tmp_path)
    for name in ("offences", "cases", "courses"):
        pl.DataFrame({"nonsense": [1]}).write_parquet(tmp_path / "truth" / f"{name}.parquet")
    (tmp_path / "extracts" / "crimes").mkdir()
    with pytest.raises(CheckError, match="holds no crimes files") as refused:
        check(tmp_path)
    assert "\n" not in str(refused.value)
