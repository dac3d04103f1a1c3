"""Every suite loads and says only what it may; a wrong one is told by file, line and what is allowed."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from dagster_project.contracts import load_contracts
from dagster_project.gating import FACTS, check_columns, needs
from expectations.suites import SUITES as SUITES_FOLDER
from expectations.suites import Facts, SuiteError, load_suites, read_suite

SUITES = load_suites()
GOOD = """\
source: things
owner: team@force.example
expectations:
  - name: ref_has_its_form
    severity: critical
    why: Everything is joined by this reference in the end.
    rows:
      expect_column_values_to_match_regex: {column: ref, regex: "^A"}
    mostly: 0.9
  - name: few_blank
    severity: warning
    why: One in ten was blank when we looked at it.
    kinds: [history]
    at_least_rows: 100
    facts: {column: share_blank, max_value: 0.2}
"""


def written(folder: Path, text: str, name: str = "things") -> Path:
    path = folder / f"{name}.yml"
    path.write_text(text, "utf-8")
    return path


def test_every_source_has_a_suite_and_they_ask_enough() -> None:
    assert set(SUITES) == set(load_contracts())
    assert sum(len(suite.expectations) for suite in SUITES.values()) >= 120
    assert all(len(suite.rows) >= 4 and len(suite.facts) >= 4 for suite in SUITES.values())


def counted() -> list[str]:
    """The table of suites as docs/expectations.md should show it."""
    suites = [read_suite(path) for path in sorted(SUITES_FOLDER.glob("*.yml"))]
    rows = [
        (one.source, len(one.expectations), sum(each.severity == "critical" for each in one.expectations))
        for one in suites
    ]
    link = "[{0}](../expectations/suites/{0}.yml)"
    total = f"| together | {sum(row[1] for row in rows)} | {sum(row[2] for row in rows)} |"
    return [*(f"| {link.format(name)} | {asked} | {critical} |" for name, asked, critical in rows), total]


def test_the_page_about_expectations_counts_them_right(repository: Path) -> None:
    told = (repository / "docs" / "expectations.md").read_text("utf-8").splitlines()
    assert [line for line in counted() if line not in told] == []
    assert {line for line in told if line.startswith("| [")} <= set(counted())


def test_the_page_about_expectations_shows_them_as_they_are(repository: Path) -> None:
    told = (repository / "docs" / "expectations.md").read_text("utf-8")
    agreed = "\n".join(path.read_text("utf-8") for path in SUITES_FOLDER.glob("*.yml"))
    shown = [textwrap.dedent(block).strip() for block in re.findall(r"```yaml\n(.*?)```", told, re.DOTALL)]
    assert len(shown) == 3
    assert [block for block in shown if textwrap.indent(block, "  ") not in agreed] == []


def test_suites_ask_for_columns_that_contracts_declare() -> None:
    contracts = load_contracts()
    for suite in SUITES.values():
        check_columns(suite, contracts)
    with pytest.raises(SuiteError, match=r"no column .*in the contract of crimes"):
        check_columns(SUITES["crimes"], contracts | {"crimes": contracts["orders"]})


def test_suites_ask_for_facts_that_the_sql_gives() -> None:
    everywhere = (FACTS / "any_source.sql").read_text("utf-8")
    for suite in SUITES.values():
        told = everywhere + (FACTS / f"{suite.source}.sql").read_text("utf-8")
        for one in suite.facts:
            assert isinstance(one.asks, Facts)
            named = one.asks.link is not None or re.search(rf"\b{one.asks.column}\b", told)
            assert named, f"{one.relation}.yml:{one.line}"


def test_a_gate_names_the_sources_it_looks_into() -> None:
    assert needs("crime_parties", SUITES) == ("crimes",)
    assert needs("risk_forms", SUITES) == ("crime_parties", "crimes", "domestic_incidents")
    assert needs("intelligence", SUITES) == ()


def test_a_suite_says_what_it_was_told(tmp_path: Path) -> None:
    suite = read_suite(written(tmp_path, GOOD))
    form, blank = suite.expectations
    assert (form.kind, form.severity, form.kinds, form.line) == (
        "rows",
        "critical",
        ("history", "regular", "off_cycle"),
        4,
    )
    assert (blank.kind, blank.kinds, blank.at_least_rows) == ("facts", ("history",), 100)
    assert suite.columns == ("ref",)


def test_a_hash_changes_with_what_is_asked_and_not_with_where_it_stands(tmp_path: Path) -> None:
    before = read_suite(written(tmp_path, GOOD))
    moved = read_suite(written(tmp_path, "# moved down\n" + GOOD))
    other = read_suite(written(tmp_path, GOOD.replace("mostly: 0.9", "mostly: 0.8")))
    assert before.sha256("rows") == moved.sha256("rows") != other.sha256("rows")
    assert before.sha256("facts") == other.sha256("facts")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("severity: critical", "severity: fatal", r"things\.yml:5: .* 'fatal'; allowed: critical, warning"),
        ("severity: critical", "severty: critical", r":5: .* has no 'severty'; .*did you mean severity"),
        ("    why: One in ten was blank when we looked at it.\n", "", r":10: .* lacks why"),
        ("why: Everything is joined by this reference", "why: x. #", r":6: why is not a sentence"),
        ("owner: team@force.example", "owner: Sue", r":2: owner 'Sue' is not the mail address of a team"),
        ("column: ref, ", "colum: ref, ", r":8: .* has no 'colum'; allowed: column, regex"),
        ("expect_column_values_to_match_regex", "expect_it", r":8: .* no 'expect_it'; allowed: expect_"),
        ('regex: "^A"', 'regex: "["', r":8: regex is not a regular expression"),
        ('regex: "^A"', 'regex: "(A)"', r":8: regex has a group that captures"),
        ("mostly: 0.9", "mostly: 90", r":9: mostly must be a share"),
        ("kinds: [history]", "kinds: [yearly]", r":13: .*'yearly'; allowed: history, regular, off_cycle"),
        ("at_least_rows: 100", "at_least_rows: 0", r":14: at_least_rows must be a whole number from 1"),
        (", max_value: 0.2", "", r":15: facts has no bound"),
        ("max_value: 0.2", "min_value: 1, max_value: 0.2", r":15: max_value is below min_value"),
        ("max_value: 0.2", "max_value: high", r":15: max_value must be a number"),
        ("name: few_blank", "name: ref_has_its_form", r":10: .* stands twice; rename one"),
        ("name: few_blank", "name: Few Blank", r":10: the name 'Few Blank' is not lowercase"),
        ("    facts: {column", "    mostly: 1\n    facts: {column", r":15: mostly stands beside facts"),
        ("    facts: {column: share_blank, max_value: 0.2}", "", r":10: few_blank must say either rows or"),
        ("source: things", "source: [things", r"things\.yml:\d+: this is not YAML"),
        ("source: things", "source: others", r":1: source is 'others' in the file things\.yml"),
    ],
)  # fmt: skip
def test_a_wrong_suite_is_told_by_its_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in GOOD
    with pytest.raises(SuiteError, match=says) as told:
        read_suite(written(tmp_path, GOOD.replace(old, new, 1)))
    assert "\n" not in str(told.value)


def test_links_stand_across_sources(tmp_path: Path) -> None:
    written(tmp_path, GOOD)
    across = GOOD.replace("source: things", "source: across_sources").split("  - name: few_blank")[0]
    link = """\
  - name: owner_is_known
    source: things
    severity: warning
    why: A thing without an owner leads nowhere at all.
    facts: {link: {from: owner_ref, to: people.ref}, min_value: 0.9}
"""
    head = across.split("  - name")[0]
    written(tmp_path, head + link, "across_sources")
    suite = load_suites(tmp_path)["things"]
    assert [one.fact for one in suite.links] == ["share_of_owner_ref_in_people"]
    written(tmp_path, head + link.replace("people.ref", "people"), "across_sources")
    with pytest.raises(SuiteError, match=r":8: to is 'people'; name a source and its column"):
        load_suites(tmp_path)
    written(tmp_path, head + link.replace("source: things", "source: others"), "across_sources")
    with pytest.raises(SuiteError, match=r"others has no suite; allowed: things"):
        load_suites(tmp_path)
