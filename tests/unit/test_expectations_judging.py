"""Each kind of rule is failed by bad rows and met by good ones, and no value of a cell comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dagster_project.gating import COLUMNS, critical_failures
from expectations import judge
from expectations.judge import DELIVERY, CannotJudge, Verdict, judge_facts, judge_rows
from expectations.page import render
from expectations.suites import Expectation, Facts, Rows, Suite, read_suite

CANARY = "Zebulon-Quux-1911"


@pytest.fixture(scope="module", autouse=True)
def started() -> None:
    judge.start()


def asking(asks: Rows | Facts, **more: Any) -> Suite:
    one = Expectation(
        name="asked",
        source="things",
        relation="things",
        severity="critical",
        why="Somebody found this worth asking.",
        owner="team@force.example",
        kinds=("history", "regular", "off_cycle"),
        at_least_rows=1,
        asks=asks,
        line=1,
    )
    return Suite("things", {}, (replace(one, **more),))


def batch(columns: Mapping[str, list[Any]], delivery: list[str]) -> pd.DataFrame:
    return pd.DataFrame(dict(columns)).assign(**{DELIVERY: pd.Categorical(delivery)})


def verdict(suite: Suite, *batches: pd.DataFrame) -> Verdict:
    [found] = judge_rows(suite, batches, {"d1": "history"})
    return found


DAYS = [pd.Timestamp("2024-01-01"), pd.Timestamp("2024-01-02")]


@pytest.mark.parametrize(
    ("rule", "arguments", "good", "bad"),
    [
        ("match_regex", {"column": "a", "regex": "^CR[0-9]$"}, {"a": ["CR1", None]}, {"a": ["CR1", "C1"]}),
        ("not_match_regex", {"column": "a", "regex": "[0-9]"}, {"a": ["x", None]}, {"a": ["x", "x1"]}),
        ("be_in_set", {"column": "a", "value_set": ("x", "y")}, {"a": ["x", None]}, {"a": ["x", "z"]}),
        ("be_in_set", {"column": "a", "value_set": (True,)}, {"a": [True, True]}, {"a": [True, False]}),
        ("not_be_in_set", {"column": "a", "value_set": ("z",)}, {"a": ["x", None]}, {"a": ["x", "z"]}),
        ("be_between", {"column": "a", "min_value": 0}, {"a": [1.0, None]}, {"a": [1.0, -1.0]}),
        ("be_between", {"column": "a", "max_value": 9}, {"a": [1, 9]}, {"a": [1, 10]}),
        ("not_be_null", {"column": "a"}, {"a": ["x", "y"]}, {"a": ["x", None]}),
        ("be_null", {"column": "a"}, {"a": [None, None]}, {"a": [None, "x"]}),
    ],
)
def test_rule_of_one_column(
    rule: str, arguments: dict[str, Any], good: dict[str, list[Any]], bad: dict[str, list[Any]]
) -> None:
    suite = asking(Rows(f"expect_column_values_to_{rule}", arguments, "", 1.0))
    assert verdict(suite, batch(good, ["d1", "d1"])).is_met is True
    failed = verdict(suite, batch(bad, ["d1", "d1"]))
    assert (failed.is_met, failed.rows_checked, failed.rows_failing) == (False, 2, 1)


@pytest.mark.parametrize(
    ("rule", "arguments", "good", "bad"),
    [
        ("column_value_lengths_to_be_between", {"column": "a", "min_value": 2}, {"a": ["xx"]}, {"a": ["x"]}),
        (
            "column_pair_values_to_be_equal",
            {"column_A": "a", "column_B": "b"},
            {"a": ["x", None], "b": ["x", "y"]},
            {"a": ["x", "y"], "b": ["x", "x"]},
        ),
        (
            "column_pair_values_a_to_be_greater_than_b",
            {"column_A": "a", "column_B": "b", "or_equal": True},
            {"a": [DAYS[1], pd.NaT], "b": [DAYS[0], DAYS[1]]},
            {"a": [DAYS[0], DAYS[1]], "b": [DAYS[1], DAYS[1]]},
        ),
    ],
)
def test_rule_of_lengths_and_pairs(
    rule: str, arguments: dict[str, Any], good: dict[str, list[Any]], bad: dict[str, list[Any]]
) -> None:
    suite = asking(Rows(f"expect_{rule}", arguments, "", 1.0))
    assert verdict(suite, batch(good, ["d1"] * len(good["a"]))).is_met is True
    failed = verdict(suite, batch(bad, ["d1"] * len(bad["a"])))
    assert (failed.is_met, failed.rows_failing) == (False, 1)


def test_a_pair_with_a_half_missing_is_not_counted() -> None:
    arguments = {"column_A": "a", "column_B": "b", "or_equal": True}
    suite = asking(Rows("expect_column_pair_values_a_to_be_greater_than_b", arguments, "", 1.0))
    found = verdict(suite, batch({"a": [2.0, None, 1.0], "b": [1.0, 1.0, None]}, ["d1"] * 3))
    assert (found.is_met, found.rows_checked, found.rows_failing) == (True, 1, 0)


def test_a_condition_asks_only_the_rows_it_names() -> None:
    suite = asking(Rows("expect_column_values_to_not_be_null", {"column": "a"}, "step == 'breached'", 1.0))
    rows = batch({"a": [None, None, "x"], "step": ["full", "breached", "breached"]}, ["d1"] * 3)
    found = verdict(suite, rows)
    assert (found.is_met, found.rows_checked, found.rows_failing) == (False, 2, 1)
    assert suite.columns == ("a", "step")


def test_batches_add_up_and_deliveries_in_one_batch_are_told_apart() -> None:
    suite = asking(Rows("expect_column_values_to_match_regex", {"column": "a", "regex": "^x"}, "", 0.7))
    first = batch({"a": ["x", "z", "x", None]}, ["d1", "d2", "d2", "d2"])
    second = batch({"a": ["x", "x", "z"]}, ["d1", "d1", "d1"])
    kinds = {"d1": "history", "d2": "regular", "d3": "regular"}
    found = {one.delivery_id: one for one in judge_rows(suite, [first, second], kinds)}
    assert (found["d1"].rows_checked, found["d1"].rows_failing, found["d1"].is_met) == (4, 1, True)
    assert (found["d2"].rows_checked, found["d2"].rows_failing, found["d2"].is_met) == (2, 1, False)
    assert (found["d3"].rows_checked, found["d3"].is_met) == (0, None)


def test_too_few_rows_and_other_kinds_are_not_judged() -> None:
    rule = Rows("expect_column_values_to_not_be_null", {"column": "a"}, "", 1.0)
    rows = batch({"a": [None, "x"]}, ["d1", "d1"])
    assert verdict(asking(rule, at_least_rows=3), rows).is_met is None
    assert judge_rows(asking(rule, kinds=("regular",)), [rows], {"d1": "history"}) == []


FACTS = pd.DataFrame(
    {
        "delivery_id": ["d1", "d2", "d3", "d4"],
        "kind": ["history", "regular", "regular", "regular"],
        "rows": [1000, 1000, 10, 1000],
        "share": [0.01, 0.5, 0.5, None],
        "other": [0.5, 0.5, 0.5, 0.5],
        "other__rows": [5, 500, 500, 500],
    }
)


def met(suite: Suite) -> dict[str, bool | None]:
    return {one.delivery_id: one.is_met for one in judge_facts(suite, FACTS)}


def test_facts_are_held_against_their_bounds_where_there_is_enough() -> None:
    suite = asking(Facts("share", None, None, 0.1), at_least_rows=100)
    assert met(suite) == {"d1": True, "d2": False, "d3": None, "d4": None}
    assert met(asking(Facts("share", None, 0.4, None), kinds=("history",))) == {"d1": False}


def test_a_fact_with_rows_of_its_own_rests_on_those() -> None:
    suite = asking(Facts("other", None, None, 0.1), at_least_rows=100)
    assert met(suite) == {"d1": None, "d2": False, "d3": False, "d4": False}


def test_what_cannot_be_judged_is_told_without_values() -> None:
    suite = asking(Rows("expect_column_values_to_be_between", {"column": "a", "max_value": 1}, "", 1.0))
    with pytest.raises(CannotJudge) as told:
        verdict(suite, batch({"a": [CANARY]}, ["d1"]))
    assert "asked" in str(told.value) and CANARY not in str(told.value)
    with pytest.raises(CannotJudge, match="which no SQL gives"):
        judge_facts(asking(Facts("nothing", None, None, 1)), FACTS)


def results_of(found: list[Verdict]) -> pd.DataFrame:
    rows = [
        {
            "delivery_id": one.delivery_id,
            "source": "things",
            "received_at": pd.Timestamp("2024-01-01"),
            "expectation": one.expectation.name,
            "relation": "things",
            "kind": "row" if one.expectation.kind == "rows" else "facts",
            "severity": one.expectation.severity,
            "rows_checked": one.rows_checked,
            "rows_failing": one.rows_failing,
            "share_failing": (one.rows_failing or 0) / max(one.rows_checked, 1),
            "is_met": one.is_met,
            "observed": one.observed,
            "why": one.expectation.why,
            "owner": one.expectation.owner,
            "suite_sha256": "",
        }
        for one in found
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)


def test_no_value_of_a_cell_comes_out() -> None:
    suite = asking(
        Rows("expect_column_values_to_match_regex", {"column": "a", "regex": "^CR[0-9]+$"}, "", 1.0)
    )
    rows = batch({"a": [CANARY, "CR1", CANARY, "CR2"]}, ["d1", "d1", "d2", "d2"])
    found = judge_rows(suite, [rows], {"d1": "history", "d2": "regular"})
    results = results_of(found)
    [sentence, _] = critical_failures(results)
    assert sentence.startswith(
        "d1 fails asked: 1 of 2 rows fail. Somebody found this worth asking. Ask team@"
    )
    page = render(results, {"things": suite}, "Synthetic data")
    assert CANARY not in page + repr(found) + results.to_csv() + sentence


def page_of(folder: Path, severity: str, shares: list[float]) -> str:
    """The page about one expectation, by the shares that its deliveries had, a month apart."""
    path = folder / "things.yml"
    path.write_text(
        "source: things\nowner: team@force.example\nexpectations:\n"
        f"  - name: few_blank\n    severity: {severity}\n"
        "    why: Blank <b>ones</b> were found to mislead everybody.\n"
        "    facts: {column: share_blank, max_value: 0.1}\n",
        "utf-8",
    )
    suite = read_suite(path)
    ids = [f"d{number}" for number, _ in enumerate(shares)]
    facts = pd.DataFrame({"delivery_id": ids, "kind": "regular", "rows": 1000, "share_blank": shares})
    found = results_of(judge_facts(suite, facts))
    months = pd.date_range("2024-01-01", periods=len(shares), freq="MS")
    return render(found.assign(received_at=months), {"things": suite}, "Synthetic & small")


def test_the_page_stands_alone_and_leads_with_what_is_not_met(tmp_path: Path) -> None:
    page = page_of(tmp_path, "critical", [0.01, 0.5])
    assert page.index("Stopped.") < page.index("<h2>Not met</h2>") < page.index("<h2>By source</h2>")
    assert "Synthetic &amp; small" in page and "&lt;b&gt;ones&lt;/b&gt;" in page
    assert not [word for word in ("<script", "http://", "https://", "src=", "url(", "<b>") if word in page]
    assert "50% over 1,000 rows, received 1 February 2024" in page
    assert page.count("<svg") == page.count("role='img' aria-label='") == 3


def test_the_page_says_in_words_what_its_pictures_show(tmp_path: Path) -> None:
    page = page_of(tmp_path, "warning", [0.01, 0.5, 0.02])
    assert "aria-label='3 deliveries, 1% to 50%, latest 2%'" in page
    assert "aria-label='3 deliveries: 0 raised something critical, 1 a warning'" in page


def test_a_critical_failure_stops_until_its_delivery_is_gone_and_a_warning_until_a_later_one(
    tmp_path: Path,
) -> None:
    stopped = page_of(tmp_path, "critical", [0.5, 0.01])
    assert "1 critical expectation not met in <a href='#things'>things</a>" in stopped
    assert "50% over 1,000 rows, received 1 January 2024" in stopped
    passed = page_of(tmp_path, "warning", [0.5, 0.01])
    assert "no warning stands" in passed and "<h2>Not met</h2>" not in passed
    assert "not met by 1 delivery in all" in passed
    assert "1 warning in <a href='#things'>" in page_of(tmp_path, "warning", [0.01, 0.5])


def test_a_page_without_results_says_so(tmp_path: Path) -> None:
    page = page_of(tmp_path, "critical", [])
    assert "No delivery has been judged yet." in page and "not yet judged" in page
