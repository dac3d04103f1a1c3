"""A typed view of the dbt sources, which are the only declaration of what each source promises.

`load_contracts` reads every `_<source>__source.yml`; whatever is wrong with one is told in a sentence
with its file, its line and what is allowed there.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal, cast, get_args

from dagster_project.marked_yaml import (
    REPOSITORY,
    Marked,
    YamlMistake,
    listed,
    nearest,
    read_marked,
    refuse_together,
    shown,
)

DataType = Literal["varchar", "bigint", "double", "boolean", "date", "timestamp"]
Identifies = Literal["person", "nominal", "prose", "officer", "protected"]
Format = Literal["csv", "parquet"]
Compression = Literal["none", "gzip"]
Encoding = Literal["utf-8", "windows-1252"]

MODELS: Final = REPOSITORY / "dbt_models" / "models" / "staging"
SEEDS: Final = REPOSITORY / "dbt_models" / "seeds"
DBT_SOURCE: Final = "raw"
"""All contracts describe tables of this one dbt source."""
RECEIVED_AT: Final = "_received_at"

_FILE = re.compile(r"_(?P<source>.+)__source\.yml")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_TEAM = re.compile(r"[a-z0-9._-]+@[a-z0-9-]+(\.[a-z0-9-]+)+")
_NUMBERS: Final = ("bigint", "double")
_OF_CSV_ALONE: Final = (
    "encoding", "separator", "quote", "null_text", "true_text", "false_text", "date_format",
    "timestamp_format",
)  # fmt: skip
_DAY_PARTS: Final = (("%Y",), ("%m", "%b", "%B"), ("%d",))
_MOMENT_PARTS: Final = (*_DAY_PARTS, ("%H",), ("%M",))
_PARTS: Final = frozenset("YmbBdHMSf")


class ContractError(YamlMistake):
    """What is wrong with a contract, in one sentence: path:line and what is allowed there."""


@dataclass(frozen=True)
class Column:
    """What a source promises of one column."""

    name: str
    data_type: DataType
    description: str
    required: bool
    codes: tuple[str, ...]
    codes_seed: str | None
    minimum: float | None
    maximum: float | None
    identifies: Identifies | None


@dataclass(frozen=True)
class FileLayout:
    """How a record is put on disk; a Parquet file is typed and says all but its format itself."""

    format: Format
    compression: Compression
    encoding: Encoding
    byte_order_mark: bool
    separator: str
    quote: str
    null_text: str
    true_text: str
    false_text: str
    date_format: str
    timestamp_format: str


@dataclass(frozen=True)
class Contract:
    """What one source promises; its sha256 changes whenever what is asked of a row may change."""

    source: str
    description: str
    owner: str
    file: FileLayout
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    recorded_at: str | None
    overwritten_in_place: tuple[str, ...]
    warn_after_days: int
    stale_after_days: int
    path: Path
    sha256: str

    @property
    def column_names(self) -> tuple[str, ...]:
        """The columns in the order of the contract."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column of that name."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.source} has no column {name!r}")


def load_contracts(folder: Path = MODELS, seeds: Path = SEEDS) -> dict[str, Contract]:
    """Every contract below a folder, by source; a new file is a new source."""
    if not folder.is_dir():
        raise ContractError(f"{shown(folder)}:1: there is no such folder; contracts stand in {shown(MODELS)}")
    contracts: dict[str, Contract] = {}
    for path in sorted(folder.rglob("_*__source.yml")):
        contract = read_contract(path, seeds)
        if contract.source != path.parent.name:
            raise ContractError(
                f"{shown(path)}:1: the contract of {contract.source} stands in the folder "
                f"{path.parent.name}; move it to {contract.source}"
            )
        if twin := contracts.get(contract.source):
            raise ContractError(
                f"{shown(path)}:1: {contract.source} has a contract in {shown(twin.path)} too"
            )
        contracts[contract.source] = contract
    return dict(sorted(contracts.items()))


def read_contract(path: Path, seeds: Path = SEEDS) -> Contract:
    """One contract, checked as a whole."""
    table = _table(read_marked(path, ContractError, "the contract"))
    fields = table.fields(
        ("name", "description", "config", "columns"), ("name", "description", "config", "columns")
    )
    source = _source_name(fields["name"], path)
    config = fields["config"].fields(
        ("loaded_at_field", "freshness", "meta"), ("loaded_at_field", "freshness", "meta")
    )
    config["loaded_at_field"].among((RECEIVED_AT,))
    warn_after, stale_after = _freshness(config["freshness"])
    meta = config["meta"].fields(
        ("dagster", "owner", "file", "key", "recorded_at", "overwritten_in_place"),
        ("dagster", "owner", "file", "key"),
    )
    _asset_key(meta["dagster"], source)
    declared = {item.name: item for item in _columns(fields["columns"], seeds)}
    types: dict[str, DataType] = {name: item.data_type for name, item in declared.items()}
    key = tuple(_known_columns(meta["key"], types))
    recorded_at = _recorded_at(meta["recorded_at"], types) if "recorded_at" in meta else None
    never_empty = {*key, recorded_at}
    columns = tuple(
        replace(item, required=item.required or item.name in never_empty) for item in declared.values()
    )
    return Contract(
        source=source,
        description=_description(fields["description"]),
        owner=_owner(meta["owner"]),
        file=_file_layout(meta["file"]),
        columns=columns,
        key=key,
        recorded_at=recorded_at,
        overwritten_in_place=_overwritten(meta.get("overwritten_in_place"), types, never_empty),
        warn_after_days=warn_after,
        stale_after_days=stale_after,
        path=path,
        sha256=_fingerprint(path, seeds, columns),
    )


def _table(whole: Marked) -> Marked:
    """The one table of the one source in a file."""
    top = whole.fields(("version", "sources"), ("version", "sources"))
    if top["version"].whole() != 2:
        top["version"].wrong("version is not 2, the only form of source file that dbt reads")
    sources = top["sources"].items()
    if len(sources) > 1:
        sources[1].wrong("a second source stands in this file; a contract is one table of the source raw")
    fields = sources[0].fields(("name", "schema", "tables"), ("name", "schema", "tables"))
    fields["name"].among((DBT_SOURCE,))
    fields["schema"].among((DBT_SOURCE,))
    tables = fields["tables"].items()
    if len(tables) > 1:
        tables[1].wrong("a second table stands in this file; give each source a file of its own")
    return tables[0]


def _source_name(name: Marked, path: Path) -> str:
    source = name.text()
    if not _NAME.fullmatch(source):
        name.wrong(f"the source name {source!r} is not lowercase letters, digits and _, a letter first")
    matched = _FILE.fullmatch(path.name)
    if not matched or matched["source"] != source:
        name.wrong(f"the file of source {source} is called {path.name}; call it _{source}__source.yml")
    return source


def _description(at: Marked) -> str:
    text = " ".join(at.text().split())
    if not text:
        at.wrong("description is empty; say what it means and how it lies")
    return text


def _owner(at: Marked) -> str:
    owner = at.text()
    if not _TEAM.fullmatch(owner):
        at.wrong(f"owner {owner!r} is not the mail address of a team, like crime-records@force.example")
    return owner


def _asset_key(dagster: Marked, source: str) -> None:
    """Staging must wait for the gate, so the key is not a matter of choice."""
    at = dagster.fields(("asset_key",), ("asset_key",))["asset_key"]
    if at.texts() != ("gates", source):
        at.wrong(f"asset_key is not [gates, {source}], what staging waits for")


def _freshness(freshness: Marked) -> tuple[int, int]:
    fields = freshness.fields(("warn_after", "error_after"), ("warn_after", "error_after"))
    days = {name: _days(at) for name, at in fields.items()}
    if days["warn_after"] >= days["error_after"]:
        fields["error_after"].wrong("error_after is not later than warn_after")
    return days["warn_after"], days["error_after"]


def _days(at: Marked) -> int:
    fields = at.fields(("count", "period"), ("count", "period"))
    fields["period"].among(("day",))
    count = fields["count"].whole()
    if count < 1:
        fields["count"].wrong(f"count of {at.name} is below 1 day")
    return count


def _known_columns(at: Marked, types: Collection[str]) -> list[str]:
    """The names of columns in a list, each of a column there is."""
    for item in at.items():
        _known_column(item, at.name, types)
    return list(at.texts())


def _known_column(at: Marked, where: str, types: Collection[str]) -> str:
    name = at.text()
    if name not in types:
        at.wrong(f"{where} names {name!r}, which is no column of this contract{nearest(name, types)}")
    return name


def _recorded_at(at: Marked, types: dict[str, DataType]) -> str:
    name = _known_column(at, "recorded_at", types)
    if types[name] != "timestamp":
        at.wrong(f"recorded_at names {name}, which is a {types[name]}; it must be a timestamp")
    return name


def _overwritten(at: Marked | None, types: Collection[str], never: Collection[str | None]) -> tuple[str, ...]:
    if at is None:
        return ()
    names = _known_columns(at, types)
    if tied := [name for name in names if name in never]:
        at.wrong(f"overwritten_in_place names {tied[0]}, which tells the versions of a row apart")
    return tuple(names)


def _file_layout(at: Marked) -> FileLayout:
    fields = at.fields(("format", "compression", "byte_order_mark", *_OF_CSV_ALONE), ("format",))
    if fields["format"].among(get_args(Format)) == "parquet":
        refuse_together(
            fields,
            ("compression", "byte_order_mark", *_OF_CSV_ALONE),
            "{} stands beside format parquet, which tells this itself; leave it out",
        )
        return FileLayout("parquet", "none", "utf-8", False, "", "", "", "", "", "", "")
    at.fields(fields, ("format", *_OF_CSV_ALONE))
    encoding = cast(Encoding, fields["encoding"].among(get_args(Encoding)))
    marked = "byte_order_mark" in fields and fields["byte_order_mark"].flag()
    if marked and encoding != "utf-8":
        fields["byte_order_mark"].wrong(f"byte_order_mark is true, but only utf-8 has one, not {encoding}")
    packed = fields["compression"].among(get_args(Compression)) if "compression" in fields else "none"
    null_text, true_text, false_text = _words(fields)
    return FileLayout(
        format="csv",
        compression=cast(Compression, packed),
        encoding=encoding,
        byte_order_mark=marked,
        separator=_one_character(fields["separator"]),
        quote=_one_character(fields["quote"], beside=fields["separator"].text()),
        null_text=null_text,
        true_text=true_text,
        false_text=false_text,
        date_format=_time_format(fields["date_format"], _DAY_PARTS),
        timestamp_format=_time_format(fields["timestamp_format"], _MOMENT_PARTS),
    )


def _words(fields: dict[str, Marked]) -> tuple[str, str, str]:
    """What stands for nothing, true and false, all different and on one line."""
    words: list[str] = []
    for name in ("null_text", "true_text", "false_text"):
        word = fields[name].text()
        if word in words:
            fields[name].wrong(f"{name} {word!r} says two things; nothing, true and false must differ")
        if not word.isprintable() or (not word and name != "null_text"):
            fields[name].wrong(f"{name} is not a word of printable characters")
        words.append(word)
    return words[0], words[1], words[2]


def _one_character(at: Marked, beside: str = "") -> str:
    text = at.text()
    if len(text) != 1 or not text.isascii() or text in "\r\n\0":
        at.wrong(f"{at.name} {text!r} is not one character")
    if text == beside:
        at.wrong(f"{at.name} {text!r} is the separator too; they must differ")
    return text


def _time_format(at: Marked, parts: tuple[tuple[str, ...], ...]) -> str:
    text = at.text()
    used: list[str] = re.findall(r"%(.)", text)
    if unknown := [letter for letter in used if letter not in _PARTS]:
        allowed = listed([f"%{letter}" for letter in "YmbBdHMSf"])
        at.wrong(f"{at.name} holds %{unknown[0]}; allowed: {allowed}")
    for choices in parts:
        if not any(choice[1] in used for choice in choices):
            at.wrong(f"{at.name} {text!r} lacks {listed(choices)}; without it a time is not told")
    if len(set(used)) < len(used):
        at.wrong(f"{at.name} {text!r} tells one part twice")
    return text


def _columns(at: Marked, seeds: Path) -> list[Column]:
    columns: list[Column] = []
    for item in at.items():
        column = _column(item, seeds)
        if any(column.name == other.name for other in columns):
            item.wrong(f"the column {column.name} is declared twice; keep one")
        columns.append(column)
    return columns


def _column(at: Marked, seeds: Path) -> Column:
    """A column as it stands there; its table makes the key and recorded_at required."""
    fields = at.fields(("name", "description", "data_type", "config"), ("name", "description", "data_type"))
    name = fields["name"].text()
    if name.startswith("_"):
        fields["name"].wrong(f"the column name {name!r} begins with _, which is kept for what loading adds")
    if not _NAME.fullmatch(name):
        fields["name"].wrong(
            f"the column name {name!r} is not lowercase letters, digits and _, a letter first"
        )
    data_type = cast(DataType, fields["data_type"].among(get_args(DataType)))
    meta = _column_meta(fields["config"]) if "config" in fields else {}
    codes, seed = _codes(meta["codes"], data_type, seeds) if "codes" in meta else ((), None)
    minimum, maximum = _bounds(meta, data_type)
    identifies = meta["identifies"].among(get_args(Identifies)) if "identifies" in meta else None
    return Column(
        name=name,
        data_type=data_type,
        description=_description(fields["description"]),
        required="required" in meta and meta["required"].flag(),
        codes=codes,
        codes_seed=seed,
        minimum=minimum,
        maximum=maximum,
        identifies=cast("Identifies | None", identifies),
    )


def _column_meta(config: Marked) -> dict[str, Marked]:
    meta = config.fields(("meta",), ("meta",))["meta"]
    return meta.fields(("required", "codes", "minimum", "maximum", "identifies"))


def _bounds(meta: dict[str, Marked], data_type: DataType) -> tuple[float | None, float | None]:
    bounds = {name: meta[name].number() for name in ("minimum", "maximum") if name in meta}
    if data_type not in _NUMBERS:
        refuse_together(meta, bounds, f"{{}} stands on a {data_type}; only {listed(_NUMBERS)} has one")
    minimum, maximum = bounds.get("minimum"), bounds.get("maximum")
    if minimum is not None and maximum is not None and minimum > maximum:
        meta["maximum"].wrong("maximum is below minimum")
    return minimum, maximum


def _codes(at: Marked, data_type: DataType, seeds: Path) -> tuple[tuple[str, ...], str | None]:
    if data_type != "varchar":
        at.wrong(f"codes stand on a {data_type}; only a varchar has codes")
    if not at.is_mapping():
        return at.texts(), None
    seed = at.fields(("seed",), ("seed",))["seed"]
    return _codes_of_seed(seed, seeds), seed.text()


def _codes_of_seed(at: Marked, seeds: Path) -> tuple[str, ...]:
    """The first column of a seed, which holds its codes."""
    seed = at.among(sorted(path.stem for path in seeds.glob("*.csv")))
    with (seeds / f"{seed}.csv").open(encoding="utf-8", newline="") as lines:
        codes = tuple(row[0] for row in list(csv.reader(lines))[1:] if row)
    if not codes or "" in codes or len(set(codes)) < len(codes):
        at.wrong(f"the seed {seed} does not hold a code, once each, in its first column")
    return codes


def _fingerprint(path: Path, seeds: Path, columns: tuple[Column, ...]) -> str:
    """The hash of the contract and of the code lists it leans on."""
    whole = hashlib.sha256(path.read_bytes())
    for seed in sorted({column.codes_seed for column in columns if column.codes_seed}):
        whole.update((seeds / f"{seed}.csv").read_bytes())
    return whole.hexdigest()
