"""A contract is the one declaration of a source, and a wrong one is told by its line and what is allowed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest
from dbt.cli.main import dbtRunner

from dagster_project.contracts import (
    MODELS,
    SEEDS,
    Compression,
    Contract,
    ContractError,
    DataType,
    Encoding,
    Format,
    Identifies,
    load_contracts,
    read_contract,
)
from data_samples import offences
from data_samples.sources import DIALECTS, SOURCES
from data_samples.spoiling import CODE_COLUMNS

TYPES = {
    "text": "varchar",
    "integer": "bigint",
    "decimal": "double",
    "flag": "boolean",
    "date": "date",
    "timestamp": "timestamp",
}
ENCODINGS = {"utf-8": "utf-8", "cp1252": "windows-1252"}

DOGS = """\
version: 2
sources:
  - name: raw
    schema: raw
    tables:
      - name: dogs
        description: One row per police dog.
        config:
          loaded_at_field: _received_at
          freshness: {warn_after: {count: 35, period: day}, error_after: {count: 63, period: day}}
          meta:
            dagster: {asset_key: [gates, dogs]}
            owner: dog-unit@force.example
            file:
              format: csv
              compression: none
              encoding: utf-8
              byte_order_mark: true
              separator: ","
              quote: '"'
              null_text: ""
              true_text: Y
              false_text: N
              date_format: "%Y-%m-%d"
              timestamp_format: "%Y-%m-%d %H:%M:%S"
            key: [dog_ref, updated_at]
            recorded_at: updated_at
            overwritten_in_place: [is_asleep]
        columns:
          - name: dog_ref
            description: The dog.
            data_type: varchar
          - name: updated_at
            description: When this version was entered.
            data_type: timestamp
          - name: breed
            description: The breed, as the handler says.
            data_type: varchar
            config: {meta: {required: true, codes: [GSD, MAL]}}
          - name: bites
            description: How many.
            data_type: bigint
            config: {meta: {minimum: 0, maximum: 40}}
          - name: last_offence
            description: What it last helped with.
            data_type: varchar
            config: {meta: {codes: {seed: offence_codes}}}
          - name: is_asleep
            description: Whether it sleeps.
            data_type: boolean
          - name: handler
            description: The handler's staff number.
            data_type: varchar
            config: {meta: {identifies: officer}}
"""


def written(folder: Path, text: str, name: str = "_dogs__source.yml") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def line_of(text: str, fragment: str) -> int:
    assert text.count(fragment) >= 1, fragment
    return text[: text.index(fragment)].count("\n") + 1


@pytest.fixture(scope="module")
def contracts() -> dict[str, Contract]:
    return load_contracts()


@pytest.fixture(scope="module")
def declared_to_dbt(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What dbt understood of our sources, from its own manifest."""
    target, project = tmp_path_factory.mktemp("dbt"), MODELS.parents[1]
    folders = ["--project-dir", str(project), "--profiles-dir", str(project)]
    done = dbtRunner().invoke(
        ["--quiet", "parse", *folders, "--target-path", str(target), "--log-path", str(target)]
    )
    assert done.success, done.exception
    manifest = json.loads((target / "manifest.json").read_text("utf-8"))
    sources = manifest["sources"].values()
    return {source["name"]: source for source in sources if source["source_name"] == "raw"}


def test_a_good_contract_says_what_it_says(tmp_path: Path) -> None:
    contract = read_contract(written(tmp_path, DOGS))
    assert (contract.source, contract.owner) == ("dogs", "dog-unit@force.example")
    assert contract.description == "One row per police dog."
    assert (contract.key, contract.recorded_at) == (("dog_ref", "updated_at"), "updated_at")
    assert contract.overwritten_in_place == ("is_asleep",)
    assert (contract.warn_after_days, contract.stale_after_days) == (35, 63)
    assert [column.name for column in contract.columns if column.required] == [
        "dog_ref",
        "updated_at",
        "breed",
    ]
    assert contract.column("breed").codes == ("GSD", "MAL")
    assert (contract.column("bites").minimum, contract.column("bites").maximum) == (0.0, 40.0)
    assert contract.column("last_offence").codes_seed == "offence_codes"
    assert contract.column("last_offence").codes == tuple(offences.CODES)
    assert contract.column("handler").identifies == "officer"
    assert (contract.file.separator, contract.file.quote, contract.file.null_text) == (",", '"', "")
    assert contract.file.byte_order_mark and contract.file.false_text == "N"
    with pytest.raises(KeyError, match="dogs has no column 'cats'"):
        contract.column("cats")


# What is changed in the contract of the dogs, where it is told, and what the sentence must hold.
MISTAKES: dict[str, tuple[str, str, str, str]] = {
    "unknown type": (
        "data_type: bigint",
        "data_type: bigitn",
        "data_type: bigitn",
        "data_type 'bigitn' is not one of varchar, bigint, double, boolean, date or timestamp; "
        "did you mean bigint?",
    ),
    "unknown key of meta": (
        "recorded_at: updated_at",
        "recorded_on: updated_at",
        "recorded_on",
        "meta has no key 'recorded_on'; allowed: dagster, owner, file, key, recorded_at or "
        "overwritten_in_place; did you mean recorded_at?",
    ),
    "unknown key of file": ("separator:", "seperator:", "seperator", "did you mean separator?"),
    "unknown key of a column's meta": (
        "{minimum: 0,",
        "{mininum: 0,",
        "mininum",
        "allowed: required, codes, minimum, maximum or identifies",
    ),
    "unknown key of a column": (
        "data_type: boolean",
        "datatype: boolean",
        "datatype: boolean",
        "did you mean data_type?",
    ),
    "unknown key of a source": (
        "schema: raw",
        "schemas: raw",
        "schemas: raw",
        "allowed: name, schema or tables",
    ),
    "unknown key of the file": ("version: 2", "versions: 2", "versions: 2", "allowed: version or sources"),
    "missing key of a contract": (
        "            key: [dog_ref, updated_at]\n",
        "",
        "dagster: {",
        "meta lacks key; it needs dagster, owner,",
    ),
    "missing part of a file": ("              quote: '\"'\n", "", "format: csv", "file lacks quote"),
    "missing type": ("            data_type: bigint\n", "", "name: bites", "lacks data_type"),
    "missing description": ("            description: How many.\n", "", "name: bites", "lacks description"),
    "empty description": ("description: How many.", 'description: ""', 'description: ""', "is empty"),
    "key of no column": (
        "key: [dog_ref,",
        "key: [dog_rev,",
        "key: [dog_rev",
        "no column of this contract; did you mean dog_ref?",
    ),
    "empty key": ("key: [dog_ref, updated_at]", "key: []", "key: []", "empty list"),
    "key is one word": ("key: [dog_ref, updated_at]", "key: dog_ref", "key: dog_ref", "where a list belongs"),
    "key twice": (
        "key: [dog_ref, updated_at]",
        "key: [dog_ref, dog_ref]",
        "key: [dog_ref",
        "lists 'dog_ref' twice",
    ),
    "recorded_at of no column": (
        "recorded_at: updated_at",
        "recorded_at: update_at",
        "recorded_at:",
        "did you mean updated_at?",
    ),
    "recorded_at of another type": (
        "recorded_at: updated_at",
        "recorded_at: bites",
        "recorded_at:",
        "it must be a timestamp",
    ),
    "overwritten column of no column": (
        "place: [is_asleep]",
        "place: [is_awake]",
        "place: [is_awake]",
        "'is_awake', which is no column",
    ),
    "overwritten key": (
        "place: [is_asleep]",
        "place: [dog_ref]",
        "place: [dog_ref]",
        "tells the versions of a row apart",
    ),
    "column twice": (
        "name: bites",
        "name: breed",
        "name: breed\n            description: How",
        "declared twice",
    ),
    "reserved column": ("name: bites", "name: _bites", "name: _bites", "begins with _"),
    "column in capitals": ("name: bites", "name: Bites", "name: Bites", "is not lowercase letters"),
    "codes on a flag": (
        "data_type: boolean\n",
        "data_type: boolean\n            config: {meta: {codes: [a]}}\n",
        "codes: [a]",
        "only a varchar has codes",
    ),
    "codes twice": ("[GSD, MAL]", "[GSD, GSD]", "[GSD, GSD]", "lists 'GSD' twice"),
    "no codes": ("[GSD, MAL]", "[]", "codes: []", "empty list"),
    "a code that YAML takes for a number": ("[GSD, MAL]", "[1, 2]", "[1, 2]", 'put it in quotes, like "1"'),
    "unknown seed": (
        "seed: offence_codes",
        "seed: offense_codes",
        "seed: offense",
        "did you mean offence_codes?",
    ),
    "minimum on a text": (
        "{identifies: officer}",
        "{minimum: 3}",
        "minimum: 3",
        "only bigint or double has one",
    ),
    "minimum in words": ("minimum: 0", "minimum: none", "minimum: none", "a text where a number belongs"),
    "maximum below minimum": ("maximum: 40", "maximum: -1", "maximum: -1", "maximum is below minimum"),
    "required in words": ("required: true", "required: always", "required: always", "true or false belongs"),
    "required by another word": ("required: true", "required: yes", "required: yes", "true or false belongs"),
    "unknown way to identify": (
        "identifies: officer",
        "identifies: officers",
        "identifies: officers",
        "is not one of person, nominal, prose, officer or protected; did you mean officer?",
    ),
    "unknown encoding": (
        "encoding: utf-8",
        "encoding: utf8",
        "encoding: utf8",
        "utf-8 or windows-1252; did you mean utf-8?",
    ),
    "unknown format": ("format: csv", "format: xlsx", "format: xlsx", "is not one of csv or parquet"),
    "unknown compression": ("compression: none", "compression: zip", "compression: zip", "none or gzip"),
    "long separator": ('separator: ","', 'separator: "||"', 'separator: "||"', "is not one character"),
    "quote like the separator": ("quote: '\"'", "quote: ','", "quote: ','", "is the separator too"),
    "mark on windows-1252": (
        "encoding: utf-8",
        "encoding: windows-1252",
        "byte_order_mark: true",
        "only utf-8 has one",
    ),
    "a word that YAML takes for a flag": (
        "true_text: Y",
        "true_text: Yes",
        "true_text: Yes",
        'put it in quotes, like "Yes"',
    ),
    "one word for two things": ("false_text: N", "false_text: Y", "false_text: Y", "must differ"),
    "true is nothing": ("true_text: Y", 'true_text: ""', 'true_text: ""', "says two things"),
    "date without a month": (
        'date_format: "%Y-%m-%d"',
        'date_format: "%Y-%d"',
        "date_format:",
        "lacks %m, %b or %B",
    ),
    "time without minutes": ("%H:%M:%S", "%H:%S", "timestamp_format:", "lacks %M"),
    "time in no known letter": ("%H:%M:%S", "%H:%M:%Q", "timestamp_format:", "holds %Q; allowed: %Y, %m,"),
    "date with a part twice": (
        '%Y-%m-%d"\n              t',
        '%Y-%m-%d %d"\n              t',
        "date_format:",
        "tells one part twice",
    ),
    "text in Parquet": (
        "format: csv",
        "format: parquet",
        "compression: none",
        "compression stands beside format parquet",
    ),
    "late before early": (
        "error_after: {count: 63",
        "error_after: {count: 30",
        "freshness:",
        "is not later than warn_after",
    ),
    "freshness by the hour": (
        "{count: 35, period: day}",
        "{count: 35, period: hour}",
        "freshness:",
        "one of day",
    ),
    "freshness in words": ("count: 35", "count: many", "freshness:", "where a whole number belongs"),
    "freshness of nothing": ("count: 35", "count: 0", "freshness:", "below 1 day"),
    "another loaded_at_field": (
        "loaded_at_field: _received_at",
        "loaded_at_field: updated_at",
        "loaded_at_field:",
        "one of _received_at",
    ),
    "owner is a person": (
        "owner: dog-unit@force.example",
        "owner: Sergeant Bark",
        "owner:",
        "not the mail address of a team",
    ),
    "another asset": ("[gates, dogs]", "[raw, dogs]", "[raw, dogs]", "is not [gates, dogs]"),
    "another dbt source": ("  - name: raw", "  - name: row", "  - name: row", "did you mean raw?"),
    "another version": ("version: 2", "version: 3", "version: 3", "version is not 2"),
    "name other than the file": (
        "      - name: dogs",
        "      - name: cats",
        "name: cats",
        "call it _cats__source.yml",
    ),
    "name in capitals": (
        "      - name: dogs",
        "      - name: Dogs",
        "name: Dogs",
        "is not lowercase letters",
    ),
    "two tables": (
        "  - name: handler",
        "  - name: handler\n            description: x\n            data_type: date\n"
        "      - name: cats\n        columns:\n          - name: x",
        "      - name: cats",
        "a second table stands in this file",
    ),
    "two sources": (
        "version: 2\nsources:\n",
        "version: 2\nsources:\n  - {name: raw}\n",
        "  - name: raw\n",
        "a second source stands in this file",
    ),
    "key given twice": (
        "            recorded_at: updated_at\n",
        "            recorded_at: updated_at\n            key: [dog_ref]\n",
        "key: [dog_ref]\n",
        "says 'key' twice",
    ),
    "a list for a mapping": (
        "dagster: {asset_key: [gates, dogs]}",
        "dagster: [gates, dogs]",
        "dagster: [",
        "is a list where a mapping",
    ),
    "nothing where text belongs": (
        "owner: dog-unit@force.example",
        "owner:",
        "owner:",
        "is nothing where a text",
    ),
    "a mapping where text belongs": (
        "owner: dog-unit@force.example",
        "owner: {team: dogs}",
        "owner:",
        "is a mapping where one value belongs",
    ),
    "a text where a mapping belongs": (
        "{minimum: 0, maximum: 40}",
        "lots",
        "config: {meta: lots}",
        "is a text where a mapping belongs",
    ),
    "no YAML": ("version: 2", "version: [2", "sources:\n", "this is not YAML"),
}


@pytest.mark.parametrize("mistake", list(MISTAKES))
def test_a_wrong_contract_is_answered_with_its_line_and_what_is_allowed(tmp_path: Path, mistake: str) -> None:
    good, bad, fragment, told = MISTAKES[mistake]
    assert good in DOGS, "the mistake must change something"
    text = DOGS.replace(good, bad, 1)
    path = written(tmp_path, text)
    with pytest.raises(ContractError) as refused:
        read_contract(path)
    place, _, sentence = str(refused.value).partition(": ")
    assert place == f"{path}:{line_of(text, fragment)}"
    assert told in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "1: the file is empty"),
        (b"version: 2\nname: caf\xe9\n", "2: the file is not UTF-8"),
        (b"version: 2\n\tsources:\n", "2: this is not YAML"),
        (b"a: \x00\n", "1: this is not YAML"),
        (b"- version: 2\n", "1: the contract is a list where a mapping belongs"),
    ],
)
def test_a_file_that_is_no_contract_at_all(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "_dogs__source.yml"
    path.write_bytes(content)
    with pytest.raises(ContractError) as refused:
        read_contract(path)
    assert f"{path}:{told}" in str(refused.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match=r"_dogs__source\.yml:1: the file cannot be read"):
        read_contract(tmp_path / "_dogs__source.yml")
    with pytest.raises(ContractError, match="there is no such folder; contracts stand in dbt_models"):
        load_contracts(tmp_path / "nowhere")


def test_a_contract_in_the_wrong_folder_or_twice(tmp_path: Path) -> None:
    written(tmp_path / "cats", DOGS)
    with pytest.raises(ContractError, match="stands in the folder cats; move it to dogs"):
        load_contracts(tmp_path)
    (tmp_path / "cats").rename(tmp_path / "dogs")
    written(tmp_path / "old" / "dogs", DOGS)
    with pytest.raises(ContractError, match=r"dogs has a contract in .* too"):
        load_contracts(tmp_path)


def test_a_path_inside_the_repository_is_told_from_its_top(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(SEEDS)
    with pytest.raises(ContractError, match=r"^dbt_models/seeds/_dogs__source\.yml:1: "):
        read_contract(Path("_dogs__source.yml"))


@pytest.mark.parametrize("content", ["offence_code\n", "offence_code\nHAR\nHAR\n", 'offence_code\n""\n'])
def test_a_seed_must_hold_codes(tmp_path: Path, content: str) -> None:
    written(tmp_path, content, "offence_codes.csv")
    with pytest.raises(ContractError, match="the seed offence_codes does not hold a code, once each"):
        read_contract(written(tmp_path, DOGS), tmp_path)


def test_the_fingerprint_changes_with_the_contract_and_with_its_code_lists(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    shutil.copytree(SEEDS, seeds)
    first = read_contract(written(tmp_path, DOGS), seeds).sha256
    assert first == read_contract(written(tmp_path, DOGS), seeds).sha256
    with (seeds / "offence_codes.csv").open("a", encoding="utf-8") as lines:
        lines.write("NEW,New offence,other,1,illustrative\n")
    second = read_contract(tmp_path / "_dogs__source.yml", seeds)
    assert second.sha256 != first and second.column("last_offence").codes[-1] == "NEW"
    assert read_contract(written(tmp_path, DOGS + "# more\n"), seeds).sha256 != second.sha256


def test_the_example_for_engineers_is_a_contract(tmp_path: Path, repository: Path) -> None:
    page = (repository / "docs" / "contracts.md").read_text("utf-8")
    example = page.split("```yaml\n")[1].split("```")[0]
    contract = read_contract(written(tmp_path, example))
    assert contract.source == "dogs"
    assert {meaning.identifies for meaning in contract.columns} == {None, "officer"}
    for value in get_args(Identifies):
        assert f"| `{value}` |" in page
    for value in (*get_args(DataType), *get_args(Encoding), *get_args(Compression), *get_args(Format)):
        assert f"`{value}`" in page


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("data_type: bigint", "data_type: bigitn"),
        ("key: [dog_ref", "key: [dog_rev"),
        ("true_text: Y", "true_text: Yes"),
        ("identifies: officer", "identifies: officers"),
    ],
)
def test_the_sentences_shown_to_engineers_are_real(
    tmp_path: Path, repository: Path, good: str, bad: str
) -> None:
    page = (repository / "docs" / "contracts.md").read_text("utf-8")
    example = page.split("```yaml\n")[1].split("```")[0].replace(good, bad)
    with pytest.raises(ContractError) as refused:
        read_contract(written(tmp_path, example))
    assert str(refused.value).replace(f"{tmp_path}/", "dbt_models/models/staging/dogs/") in page


def test_a_fourteenth_source_is_one_file(tmp_path: Path, contracts: dict[str, Contract]) -> None:
    folder = tmp_path / "staging"
    shutil.copytree(MODELS, folder)
    written(folder / "dogs", DOGS)
    found = load_contracts(folder)
    assert list(found) == sorted([*contracts, "dogs"])
    assert found["dogs"].column_names[:2] == ("dog_ref", "updated_at")


def test_the_thirteen_sources_are_what_the_force_delivers(contracts: dict[str, Contract]) -> None:
    assert list(contracts) == sorted(SOURCES)
    for name, source in SOURCES.items():
        contract = contracts[name]
        assert [(c.name, c.data_type) for c in contract.columns] == [
            (column, TYPES[kind]) for column, kind in source.columns.items()
        ]
        assert (contract.key, contract.recorded_at) == (source.key, source.entered)


@pytest.mark.parametrize("name", [n for n, source in SOURCES.items() if source.dialect != "parquet"])
def test_each_dialect_is_that_of_the_force(contracts: dict[str, Contract], name: str) -> None:
    said, true = contracts[name].file, DIALECTS[SOURCES[name].dialect]
    assert said.format == "csv" and said.quote == '"'
    assert (said.compression, said.separator) == (true.compression, true.separator)
    assert (said.encoding, said.byte_order_mark) == (ENCODINGS[true.encoding], true.byte_order_mark)
    assert (said.null_text, said.true_text, said.false_text) == (
        true.null_text,
        true.true_word,
        true.false_word,
    )
    assert (said.date_format, said.timestamp_format) == (true.date_format, true.timestamp_format)


def test_typed_files_are_declared_as_such(contracts: dict[str, Contract]) -> None:
    assert {name for name, c in contracts.items() if c.file.format == "parquet"} == {
        name for name, source in SOURCES.items() if source.dialect == "parquet"
    }


def test_whatever_the_force_spoils_has_its_rule(contracts: dict[str, Contract]) -> None:
    for name, columns in CODE_COLUMNS.items():
        assert [column for column in columns if not contracts[name].column(column).codes] == []
    numbers = [
        c for contract in contracts.values() for c in contract.columns if c.data_type in TYPES.values()
    ]
    assert [c.name for c in numbers if c.data_type in ("bigint", "double") and c.minimum is None] == []


PERSONAL = ("surname", "forename", "middle_name", "date_of_birth", "address", "postcode", "phone", "_number")
EXPECTED: list[tuple[str, Callable[[str], bool]]] = [
    ("person", lambda name: name.endswith(PERSONAL) and name != "officer_number"),
    ("nominal", lambda name: name.endswith("nominal_ref")),
    ("prose", lambda name: name.endswith("_text")),
    ("officer", lambda name: "officer" in name),
    (
        "protected",
        lambda name: name.endswith(("sex", "ethnicity")) or "health" in name or "self_harm" in name,
    ),
]


@pytest.mark.parametrize(("identifies", "named"), EXPECTED, ids=[kind for kind, _ in EXPECTED])
def test_no_column_that_looks_personal_is_overlooked(
    contracts: dict[str, Contract], identifies: str, named: Callable[[str], bool]
) -> None:
    columns = [(name, c) for name, contract in contracts.items() for c in contract.columns if named(c.name)]
    assert columns
    assert [(source, c.name) for source, c in columns if c.identifies != identifies] == []


def test_every_description_says_something_of_its_own(contracts: dict[str, Contract]) -> None:
    for contract in contracts.values():
        assert contract.description.startswith("One row per ") and len(contract.description) > 100
        assert [c.name for c in contract.columns if len(c.description) < 8 or c.name == c.description] == []


def test_overwritten_fields_are_known(contracts: dict[str, Contract]) -> None:
    assert contracts["crimes"].overwritten_in_place == ("cyber_flag", "vulnerable_victim_flag")


def test_dbt_understands_the_same(
    contracts: dict[str, Contract], declared_to_dbt: dict[str, dict[str, Any]]
) -> None:
    assert sorted(declared_to_dbt) == list(contracts)
    for name, contract in contracts.items():
        source = declared_to_dbt[name]
        assert source["schema"] == "raw" and source["loaded_at_field"] == "_received_at"
        assert " ".join(source["description"].split()) == contract.description
        assert source["freshness"]["warn_after"] == {"count": contract.warn_after_days, "period": "day"}
        assert source["freshness"]["error_after"] == {"count": contract.stale_after_days, "period": "day"}
        meta = source["config"]["meta"]
        assert meta == source["meta"]
        assert meta["dagster"] == {"asset_key": ["gates", name]} and meta["owner"] == contract.owner
        assert (tuple(meta["key"]), meta["recorded_at"]) == (contract.key, contract.recorded_at)
        assert tuple(meta.get("overwritten_in_place", ())) == contract.overwritten_in_place
        for said, value in meta["file"].items():
            assert getattr(contract.file, said) == value, (name, said)


def test_dbt_understands_the_same_of_every_column(
    contracts: dict[str, Contract], declared_to_dbt: dict[str, dict[str, Any]]
) -> None:
    for name, contract in contracts.items():
        columns = declared_to_dbt[name]["columns"]
        assert tuple(columns) == contract.column_names
        for column in contract.columns:
            told = columns[column.name]
            assert (told["data_type"], " ".join(told["description"].split())) == (
                column.data_type,
                column.description,
            )
            meta = told["config"]["meta"]
            codes = meta.get("codes", [])
            assert (
                column.codes_seed == codes["seed"] if isinstance(codes, dict) else column.codes == (*codes,)
            )
            assert (column.minimum, column.maximum) == (meta.get("minimum"), meta.get("maximum"))
            assert column.identifies == meta.get("identifies")
            never_empty = column.name in (*contract.key, contract.recorded_at)
            assert column.required == (meta.get("required", False) or never_empty)
