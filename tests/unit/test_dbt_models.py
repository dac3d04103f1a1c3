"""What the dbt project promises as a whole, read from dbt's own manifest and from the models' text."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner

from dagster_project.contracts import MODELS, Contract, load_contracts
from dagster_project.settings import WAREHOUSE_VARIABLE, Settings, child_environment

PROJECT = MODELS.parents[1]
CUT_OFF = '{"cut_off": "2024-12-31"}'
LAYERS = ("staging", "identity", "coded", "intermediate", "core", "features", "outcomes", "marts")
NEVER_PUBLISHED = {"person", "prose", "officer"}
DIALECT = re.compile(
    r"\bqualify\b|\bhash\(|\blist_\w+\(|\bstrptime\(|\bdate_diff\(|\bdate_sub\(|\bunnest\(|\bexclude\b"
    r"|\bstruct_pack\(|\bregexp_\w+\(|\bnot materialized\b|\bgroup by all\b|\bread_\w+\(|::",
    re.IGNORECASE,
)
CLOCK = re.compile(r"\b(?:now\(|today\(|current_(?:date|time|timestamp)|get_current)", re.IGNORECASE)
VERSIONS = re.compile(r"versions_of\('(\w+)', key=\[([^\]]*)\], recorded_at='(\w+)'\)")


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("dbt")


def asked_of_dbt(target: Path, parsed: Any, *command: str) -> Any:
    folders = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), "--target-path", str(target)]
    # no log file: dbt leaves it open, and a warning of that is an error here
    quietly = ["--quiet", "--log-level-file", "none", "--log-path", str(target)]
    return dbtRunner(manifest=parsed).invoke([*quietly, *command, *folders])


@pytest.fixture(scope="module")
def parsed(target: Path) -> Any:
    """The project as dbt understands it; parsing asks neither for a warehouse nor for a cut-off."""
    done = asked_of_dbt(target, None, "parse")
    assert done.success, done.exception
    return done.result


@pytest.fixture(scope="module")
def manifest(target: Path, parsed: Any) -> dict[str, Any]:
    return json.loads((target / "manifest.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def models(manifest: dict[str, Any]) -> dict[str, Any]:
    return {key: node for key, node in manifest["nodes"].items() if node["resource_type"] == "model"}


@pytest.fixture(scope="module")
def contracts() -> dict[str, Contract]:
    return load_contracts()


def layer(node: dict[str, Any]) -> str:
    return str(node["fqn"][1])


def staged(contracts: dict[str, Contract], models: dict[str, Any]) -> dict[str, tuple[Contract, str]]:
    """Each source's contract and the text of its staging model."""
    found = {node["fqn"][2]: node["raw_code"] for node in models.values() if layer(node) == "staging"}
    return {source: (contracts[source], text) for source, text in found.items()}


def code_without_comments(text: str) -> str:
    return re.sub(r"\{#.*?#\}|--[^\n]*", "", text, flags=re.DOTALL)


def sql_outside_of_macros() -> list[Path]:
    return [path for room in ("models", "tests") for path in sorted((PROJECT / room).rglob("*.sql"))]


def test_layers_point_one_way(models: dict[str, Any]) -> None:
    upwards = [
        (models[parent]["name"], node["name"])
        for node in models.values()
        for parent in node["depends_on"]["nodes"]
        if parent in models and LAYERS.index(layer(models[parent])) > LAYERS.index(layer(node))
    ]
    assert upwards == []


def test_every_model_stands_in_a_layer_and_says_so_in_its_name(models: dict[str, Any]) -> None:
    prefixes: dict[str, str | tuple[str, ...]] = {
        "staging": "stg_",
        "identity": "idn_",
        "coded": "cod_",
        "intermediate": "int_",
        "core": ("dim_", "fct_", "person_"),
        "outcomes": "out_",
        "marts": "mart_",
    }
    assert {node["name"] for node in models.values() if layer(node) not in LAYERS} == set()
    wrong = [n["name"] for n in models.values() if not n["name"].startswith(prefixes.get(layer(n), ""))]
    assert wrong == []


def lists_what_to_build(node: dict[str, Any]) -> bool:
    """It asks what has arrived, whenever it is known, and tells ids."""
    return str(node["name"]).startswith("int_touched__")


def test_what_lists_what_to_build_tells_ids_and_from_when_alone(models: dict[str, Any]) -> None:
    lists = [node for node in models.values() if lists_what_to_build(node)]
    assert len(lists) >= 4
    told = {column for node in lists for column in node["columns"]}
    assert {column for column in told if not column.endswith("_id")} == {"source", "told_from_date"}


def test_what_is_built_by_what_touches_it_says_by_what(models: dict[str, Any]) -> None:
    """Taken out by one list of ids and put in by another, rows would be lost or stand twice."""
    incremental = [node for node in models.values() if node["config"]["materialized"] == "incremental"]
    assert len(incremental) >= 15
    for node in incremental:
        assert node["config"]["incremental_strategy"] == "touched", node["name"]
        meta = node["config"]["meta"]
        lists = set(re.findall(r"is_touched\([^\n]*'(int_touched__\w+)'\)", node["raw_code"]))
        assert lists == {meta["touched"]}, node["name"]
        joined = set(re.findall(r"told_anew\([^\n]*'(int_touched__\w+)', '(\w+)'\)", node["raw_code"]))
        goes_on = {(meta["touched"], meta["happened"])} if "happened" in meta else set()
        assert joined == goes_on, node["name"]


def test_only_staging_reads_a_source(models: dict[str, Any]) -> None:
    readers = {
        node["name"]
        for node in models.values()
        if layer(node) != "staging"
        and not lists_what_to_build(node)
        and any(parent.startswith("source.throughline.raw.") for parent in node["depends_on"]["nodes"])
    }
    assert readers == set()


def test_no_source_is_staged_twice(models: dict[str, Any], contracts: dict[str, Contract]) -> None:
    """A new source is one contract; its staging model comes when somebody needs it."""
    read = [
        parent.rsplit(".", 1)[-1]
        for node in models.values()
        if layer(node) == "staging"
        for parent in node["depends_on"]["nodes"]
        if parent.startswith("source.throughline.raw.")
    ]
    assert len(read) == len(set(read)) >= 13
    assert set(read) <= set(contracts)


def test_staging_tells_versions_apart_by_the_contracts_key(
    models: dict[str, Any], contracts: dict[str, Contract]
) -> None:
    for source, (contract, text) in staged(contracts, models).items():
        told = VERSIONS.search(text)
        assert told is not None, source
        assert told[1] == source
        assert tuple(re.findall(r"'(\w+)'", told[2])) == contract.key, source
        assert told[3] == contract.recorded_at, source


def test_staging_leaves_no_column_behind(models: dict[str, Any], contracts: dict[str, Contract]) -> None:
    for source, (contract, text) in staged(contracts, models).items():
        selected = set(re.findall(r"^    (\w+)(?: as \w+)?,?$", text, re.MULTILINE))
        assert set(contract.column_names) - selected == set(), source


def test_direct_identifiers_are_marked_from_staging_on(
    models: dict[str, Any], contracts: dict[str, Contract]
) -> None:
    for source, (contract, text) in staged(contracts, models).items():
        renamed = dict(re.findall(r"^    (\w+) as (\w+),?$", text, re.MULTILINE))
        person = {column.name for column in contract.columns if column.identifies == "person"}
        marked = {name for name, to in renamed.items() if to.startswith("pii_")}
        assert marked == person, source


def test_what_is_overwritten_in_place_says_that_its_past_is_assumed(
    models: dict[str, Any], contracts: dict[str, Contract]
) -> None:
    for source, (contract, text) in staged(contracts, models).items():
        renamed = dict(re.findall(r"^    (\w+) as (\w+),?$", text, re.MULTILINE))
        for column in contract.overwritten_in_place:
            assert f"as {renamed[column]}_known_from_assumed" in text, (source, column)


def test_every_model_and_column_is_described_and_typed(models: dict[str, Any]) -> None:
    bare = [node["name"] for node in models.values() if not node["description"].strip()]
    bare += [
        f"{node['name']}.{column['name']}"
        for node in models.values()
        for column in node["columns"].values()
        if not column["description"].strip() or not column["data_type"]
    ]
    assert bare == []


def test_contracts_are_enforced(models: dict[str, Any]) -> None:
    assert [node["name"] for node in models.values() if not node["config"]["contract"]["enforced"]] == []


def test_a_description_begins_with_the_grain(models: dict[str, Any]) -> None:
    assert [n["name"] for n in models.values() if not n["description"].startswith("One row per ")] == []
    comments = {node["name"]: node["raw_code"].splitlines()[0] for node in models.values()}
    assert [name for name, first in comments.items() if not first.startswith("-- one row per ")] == []


def test_no_mart_holds_what_may_name_somebody(models: dict[str, Any], contracts: dict[str, Contract]) -> None:
    forbidden: set[str] = set()
    for contract, text in staged(contracts, models).values():
        renamed = dict(re.findall(r"^    (\w+) as (\w+),?$", text, re.MULTILINE))
        named = {column.name for column in contract.columns if column.identifies in NEVER_PUBLISHED}
        forbidden |= named | {renamed.get(name, name) for name in named}
    published = {
        (node["name"], column["name"], column["config"]["meta"].get("identifies"))
        for node in models.values()
        if layer(node) == "marts"
        for column in node["columns"].values()
    }
    assert {one for one in published if one[1].startswith("pii_") or one[1] in forbidden} == set()
    assert {one for one in published if one[2] in NEVER_PUBLISHED} == set()
    for ending, kind in (("nominal_id", "nominal"), ("person_id", "linked_person"), ("dyad_id", "dyad")):
        assert {one for one in published if one[1].endswith(ending) and one[2] != kind} == set()


def test_marts_do_not_look_at_the_clock() -> None:
    found = [path.name for path in sorted(PROJECT.rglob("*.sql")) if CLOCK.search(path.read_text("utf-8"))]
    assert found == []


def test_only_one_macro_compares_with_what_was_known() -> None:
    compares = re.compile(r"known_(?:from|until)_at\s*(?:[<>]=?|=)|\bbetween\b[^\n]*known_from_at")
    found = [path.name for path in sql_outside_of_macros() if compares.search(path.read_text("utf-8"))]
    assert found == ["versions_follow_each_other.sql"]


def holds_versions(node: dict[str, Any]) -> bool:
    """Its rows are versions, each with when it was known: all of staging, and the events."""
    return "known_until_at" in node["columns"]


def test_whoever_reads_versions_cuts_them_by_the_rule_or_hands_them_on(models: dict[str, Any]) -> None:
    for node in models.values():
        if layer(node) != "staging" and not lists_what_to_build(node):
            read = [p for p in node["depends_on"]["nodes"] if p in models and holds_versions(models[p])]
            asked = node["raw_code"].count("known_before(cut_off()")
            assert bool(read) == bool(asked) or holds_versions(node), node["name"]


def test_what_is_joined_in_time_is_joined_by_one_macro(models: dict[str, Any]) -> None:
    """A model of versions that reads several others says from when and until when they are known together."""
    for node in models.values():
        read = [p for p in node["depends_on"]["nodes"] if p in models and holds_versions(models[p])]
        if layer(node) != "staging" and holds_versions(node) and len(read) > 1:
            text = node["raw_code"]
            ways = ("known_together(", "latest_start(", "union all", "events_of_every_kind(")
            assert any(way in text for way in ways), node["name"]


def test_the_engines_own_words_stay_in_the_dialect() -> None:
    paths = [*sql_outside_of_macros(), *sorted((PROJECT / "macros").glob("*.sql"))]
    found = {
        path.name: words
        for path in paths
        if (words := DIALECT.findall(code_without_comments(path.read_text("utf-8"))))
    }
    assert found == {}


def test_the_rule_on_dialect_finds_each_form() -> None:
    for said in ("qualify x", "hash(a)", "list_sort(a)", "date_diff('day', a, b)", "a::date", "unnest(a)"):
        assert DIALECT.search(said), said
    assert not DIALECT.search("excluded and content_hash('a') and days_between(a, b)")


def test_files_stay_short_enough_to_read() -> None:
    long = {
        path.name: lines
        for path in sorted((PROJECT / "models").rglob("*"))
        if path.suffix in {".sql", ".yml"}
        and not path.name.endswith("__source.yml")
        and (lines := len(path.read_text("utf-8").splitlines())) > 150
    }
    assert long == {}


def test_every_unit_test_of_the_models_holds(
    target: Path, parsed: Any, shared_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They ask what the SQL does with a few rows, so they run here and in no run."""
    warehouse = tmp_path / "warehouse.duckdb"
    shutil.copyfile(shared_home / "warehouse.duckdb", warehouse)
    for name, value in child_environment(Settings(tmp_path, tmp_path)).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv(WAREHOUSE_VARIABLE, str(warehouse))
    done = asked_of_dbt(target, parsed, "test", "--resource-type", "unit_test", "--vars", CUT_OFF)
    DuckDBConnectionManager.close_all_connections()
    assert done.success, done.exception or [one.message for one in done.result if one.status != "pass"]
    assert len(done.result) == len(parsed.unit_tests) > 15
