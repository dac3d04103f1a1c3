"""Publishes the marts: pseudonymised, in a new folder that is whole or absent, swapped in atomically."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import file_digest
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

from dagster_project.pseudonyms import key_of, learn
from dagster_project.settings import Settings
from dagster_project.warehouse import identifier, opened, quoted, rows, sync

DATABASE = "throughline.duckdb"
_VERSION = re.compile(r"\d{4}-\d\d-\d\d-\d{4}")
LINKED_PERSON = "linked_person"
DYAD = "dyad"
DYAD_SIGN = ">"
"""Between the offender and the victim in the id of a dyad; no id of a person holds it."""
_NEVER = frozenset({"person", "prose", "officer"})
"""What may identify somebody by itself and so leaves the protected zone in no column of any table."""


class PublishingError(Exception):
    """Nothing was published, and why; the publication before it stays."""


@dataclass(frozen=True)
class MartColumn:
    """A column as its YAML declares it."""

    name: str
    description: str
    identifies: str | None = None


@dataclass(frozen=True)
class Mart:
    """A table that is published, with the words that travel with it."""

    name: str
    description: str
    columns: tuple[MartColumn, ...]


@dataclass(frozen=True)
class PublishedTable:
    """One line of a publication's manifest."""

    name: str
    rows: int
    columns: int
    sha256: str


@dataclass(frozen=True)
class Publication:
    """One version of what is published."""

    version: str
    as_of: str
    tables: tuple[PublishedTable, ...]
    is_new: bool = True
    is_current: bool = True

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)


def marts_of(dbt_manifest: Mapping[str, Any]) -> list[Mart]:
    """The models of the marts layer, as dbt's own manifest tells them."""
    nodes: list[Any] = list(dbt_manifest["nodes"].values())
    found = [node for node in nodes if node["resource_type"] == "model" and node["fqn"][1] == "marts"]
    return sorted((_mart(node) for node in found), key=lambda mart: mart.name)


def _mart(node: Mapping[str, Any]) -> Mart:
    told: list[Any] = list(node["columns"].values())
    columns = tuple(
        MartColumn(one["name"], one["description"].strip(), one["config"]["meta"].get("identifies"))
        for one in told
    )
    return Mart(str(node["name"]), str(node["description"]).strip(), columns)


def refuse_identities(marts: Sequence[Mart]) -> None:
    """Stop before anything is written where a column could name somebody."""
    for mart in marts:
        for column in mart.columns:
            if column.name.startswith("pii_") or column.identifies in _NEVER:
                raise PublishingError(
                    f"{mart.name}.{column.name} may identify a person and must not be published; "
                    "take it out of the mart"
                )


def publish(
    settings: Settings,
    as_of: date,
    marts: Sequence[Mart],
    reports: Mapping[str, str],
    inputs: Mapping[str, str],
) -> Publication:
    """Publish the marts of the standing warehouse as they were known on a day."""
    refuse_identities(marts)
    published = settings.published
    published.mkdir(parents=True, exist_ok=True)
    for leftover in published.glob(".making*"):
        shutil.rmtree(leftover)
    making = published / ".making"
    (making / "parquet").mkdir(parents=True)
    (making / "reports").mkdir()
    tables = _write_parquet(settings, making, marts)
    for name, text in reports.items():
        (making / "reports" / name).write_text(text, encoding="utf-8")
    told = {"as_of": as_of.isoformat(), "inputs": dict(inputs), "tables": [asdict(table) for table in tables]}
    same = _same(published, told, making)
    if same is not None:
        shutil.rmtree(making)
        return Publication(same, as_of.isoformat(), tuple(tables), False, _point(published, same, as_of))
    _write_database(making, marts, settings.scratch)
    _verify(making, tables)
    version = _next_version(published, as_of)
    _write_manifest(making, version, told)
    _seal(making, published / version)
    return Publication(version, as_of.isoformat(), tuple(tables), True, _point(published, version, as_of))


def _write_parquet(settings: Settings, making: Path, marts: Sequence[Mart]) -> list[PublishedTable]:
    """Each mart in its own order, ids of people replaced by pseudonyms."""
    key = key_of(settings.state)
    tables: list[PublishedTable] = []
    with opened(settings.identity, scratch=settings.scratch) as connection:
        settings.identity.chmod(0o600)
        connection.execute(f"attach {quoted(settings.warehouse)} as wh (read_only)")
        for mart in marts:
            columns, joins = _pseudonymised(connection, key, mart)
            path = making / "parquet" / f"{mart.name}.parquet"
            query = f"select {columns} from wh.marts.{identifier(mart.name)} as mart {joins} order by all"
            written = connection.execute(
                f"copy ({query}) to {quoted(path)} (format parquet, compression zstd)"
            ).fetchone()
            tables.append(PublishedTable(mart.name, int(written[0]), len(mart.columns), sha256_of(path)))
        connection.execute("force checkpoint")
    return tables


def _pseudonymised(connection: Any, key: bytes, mart: Mart) -> tuple[str, str]:
    """The select list of a mart and the joins that give it pseudonyms; new ids are learned first."""
    selected: list[str] = []
    joins: list[str] = []
    for number, column in enumerate(mart.columns):
        name = identifier(column.name)
        if column.identifies is None or column.identifies == "protected":
            selected.append(f"mart.{name}")
            continue
        kind, parts = _parts(f"mart.{name}", column.identifies)
        known = [f"known_{number}_{place}" for place in range(len(parts))]
        for alias, part in zip(known, parts, strict=True):
            plain = f"select {part} as plain from wh.marts.{identifier(mart.name)} as mart"
            learn(connection, key, kind, plain)
            joins.append(
                f"left join identities as {alias} on {alias}.kind = {quoted(kind)} and {alias}.plain = {part}"
            )
        whole = f" || {quoted(DYAD_SIGN)} || ".join(f"{alias}.pseudonym" for alias in known)
        selected.append(f"{whole} as {name}")
    return ", ".join(selected), " ".join(joins)


def _parts(column: str, identifies: str) -> tuple[str, list[str]]:
    """The kind of id in a column, and where it stands; a dyad's two people are called as when alone."""
    if identifies != DYAD:
        return identifies, [column]
    return LINKED_PERSON, [f"split_part({column}, {quoted(DYAD_SIGN)}, {place})" for place in (1, 2)]


def _write_database(making: Path, marts: Sequence[Mart], scratch: Path) -> None:
    """One file an analyst opens: every table with its comment and its columns' comments."""
    with opened(making / DATABASE, scratch=scratch) as connection:
        for mart in marts:
            name = identifier(mart.name)
            path = making / "parquet" / f"{mart.name}.parquet"
            connection.execute(f"create table {name} as select * from read_parquet({quoted(path)})")
            connection.execute(f"comment on table {name} is {quoted(mart.description)}")
            for column in mart.columns:
                described = f"{name}.{identifier(column.name)} is {quoted(column.description)}"
                connection.execute(f"comment on column {described}")
        connection.execute("force checkpoint")


def _verify(making: Path, tables: Sequence[PublishedTable]) -> None:
    """Read back what was written before anybody is pointed at it."""
    with opened(making / DATABASE, read_only=True) as connection:
        for table in tables:
            held = connection.execute(f"select count(*) from {identifier(table.name)}").fetchone()[0]
            if held != table.rows:
                raise PublishingError(
                    f"{table.name} holds {held:,} rows and {table.rows:,} were written; run again"
                )
        described = (
            "select table_name, comment from duckdb_columns() where not internal"
            " union all select table_name, comment from duckdb_tables()"
        )
        bare = rows(connection, f"select * from ({described}) where coalesce(comment, '') = '' order by 1")
    if bare:
        raise PublishingError(
            f"{bare[0]['table_name']} has a table or column without a description in its YAML"
        )


def _write_manifest(making: Path, version: str, told: Mapping[str, Any]) -> None:
    files = sorted(path for path in making.rglob("*") if path.is_file())
    manifest = {
        "version": version,
        "made_by": f"throughline {installed_version('throughline')}",
        **told,
        "files": [
            {
                "path": path.relative_to(making).as_posix(),
                "bytes": path.stat().st_size,
                "sha256": sha256_of(path),
            }
            for path in files
        ],
    }
    (making / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def _seal(making: Path, final: Path) -> None:
    """On disk whole, then under its name."""
    for path in sorted(making.rglob("*")):
        sync(path)
    sync(making)
    making.replace(final)
    sync(final.parent)


def versions(published: Path) -> list[str]:
    """Every whole publication, oldest first."""
    if not published.is_dir():
        return []
    return sorted(path.name for path in published.iterdir() if _VERSION.fullmatch(path.name))


def current(published: Path) -> str | None:
    """The version that readers see."""
    link = published / "current"
    return link.readlink().name if link.is_symlink() else None


def manifest_of(published: Path, version: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((published / version / "manifest.json").read_text(encoding="utf-8"))
    return told


def _same(published: Path, told: Mapping[str, Any], making: Path) -> str | None:
    """The newest version of this day, if it says exactly what is about to be said."""
    of_day = [name for name in versions(published) if name.startswith(f"{told['as_of']}-")]
    if not of_day:
        return None
    before = manifest_of(published, of_day[-1])
    reports = {
        file["path"]: file["sha256"] for file in before["files"] if file["path"].startswith("reports/")
    }
    now = {f"reports/{path.name}": sha256_of(path) for path in (making / "reports").iterdir()}
    is_same = all(before[name] == told[name] for name in told) and reports == now
    return of_day[-1] if is_same else None


def _next_version(published: Path, as_of: date) -> str:
    of_day = [name for name in versions(published) if name.startswith(f"{as_of}-")]
    return f"{as_of}-{int(of_day[-1][-4:]) + 1 if of_day else 1:04d}"


def _point(published: Path, version: str, as_of: date) -> bool:
    """Show readers this version, unless they already see a later day."""
    shown = current(published)
    if shown is not None and (published / shown).is_dir() and shown[:10] > as_of.isoformat():
        return False
    show(published, version)
    return True


def show(published: Path, version: str) -> None:
    """Swap `current`: a reader sees the old version whole or the new one whole."""
    aside = published / ".current.new"
    aside.unlink(missing_ok=True)
    aside.symlink_to(version)
    aside.replace(published / "current")
    sync(published)


def roll_back(published: Path, to: str | None = None) -> str:
    """Show an earlier version again: the one before the current, or one that is named."""
    held, shown = versions(published), current(published)
    if shown is None:
        raise PublishingError(f"nothing is published in {published}; `throughline run` publishes")
    if to is not None and to not in held:
        raise PublishingError(f"{to} is not published; there are {', '.join(held)}")
    earlier = [name for name in held if name < shown]
    if to is None and not earlier:
        raise PublishingError(f"{shown} is the oldest publication; there is none before it")
    chosen = to or earlier[-1]
    show(published, chosen)
    return chosen


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
