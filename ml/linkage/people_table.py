"""Any table of people, linked: a column map says what is what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Final, cast

import polars as pl
import yaml

from ml.linkage import frozen, linking, persons, training
from ml.linkage.mistakes import LinkingError
from ml.linkage.settings import LinkSettings

FIELDS: Final = ("forename", "surname", "middle_name", "date_of_birth", "sex", "address", "postcode", "phone")
EXAMPLE: Final = 'id: rec_id, surname: surname, date_of_birth: {column: dob, format: "%Y%m%d"}'
IN_PROFILES: Final = {
    "address": "addresses", "postcode": "postcodes", "phone": "phones", "shared_id": "shared_ids",
}  # fmt: skip
FEWEST: Final = 1_000  # records from which weights can be learned
ALWAYS: Final = "1970-01-01"


@dataclass(frozen=True)
class Columns:
    """Which column of a table holds what."""

    record_id: str
    fields: dict[str, list[str]]
    shared_ids: list[str]
    date_format: str

    @property
    def named(self) -> list[str]:
        """Every column that the map speaks of."""
        return list(dict.fromkeys([self.record_id, *chain(*self.fields.values()), *self.shared_ids]))


def read_map(path: Path) -> Columns:
    """Read a column map, and say what is wrong with it where something is."""
    try:
        told: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise LinkingError(f"{path} cannot be read as YAML: {' '.join(str(error).split())}") from error
    if not isinstance(told, dict) or "id" not in told:
        raise LinkingError(f"{path} must say at least which column is the id; for example {EXAMPLE}")
    given = cast(dict[str, Any], told)
    unknown = sorted(set(given) - {"id", "shared_ids", *FIELDS})
    if unknown:
        raise LinkingError(
            f"{path}: {', '.join(unknown)} is nothing that is compared; known are id, shared_ids, "
            + ", ".join(FIELDS)
        )
    if not set(given) & set(FIELDS):
        raise LinkingError(f"{path} names no column to compare people by; for example {EXAMPLE}")
    birth, date_format = given.get("date_of_birth"), "%Y-%m-%d"
    if isinstance(birth, dict):
        said = cast(dict[str, str], birth)
        if "column" not in said or set(said) - {"column", "format"}:
            raise LinkingError(f"{path}: date_of_birth needs a column and may have a format; {EXAMPLE}")
        birth, date_format = said["column"], str(said.get("format", date_format))
    fields = {
        field: _listed(birth if field == "date_of_birth" else given[field])
        for field in FIELDS
        if field in given
    }
    return Columns(str(given["id"]), fields, _listed(given.get("shared_ids")), date_format)


def _listed(told: Any) -> list[str]:
    """One column or several."""
    if told is None:
        return []
    return [str(one) for one in cast(list[Any], told)] if isinstance(told, list) else [str(told)]


def read_people(path: Path, columns: Columns, table: str) -> pl.DataFrame:
    """The table as sightings: one row per record, and one more for each further number it shares."""
    try:
        written = pl.read_csv(path, infer_schema=False)
    except FileNotFoundError as error:
        raise LinkingError(f"{path} is not there") from error
    except (OSError, pl.exceptions.PolarsError) as error:
        said = str(error).splitlines()[0]
        meant = "; it must be UTF-8" if "utf-8" in said else ""
        raise LinkingError(f"{path} cannot be read as CSV: {said}{meant}") from error
    written = written.rename({name: name.strip() for name in written.columns})
    if written.is_empty():
        raise LinkingError(f"{path} has no rows")
    missing = [name for name in columns.named if name not in written.columns]
    if missing:
        raise LinkingError(f"{path} has no column {', '.join(missing)}; it has {', '.join(written.columns)}")
    record_ids = written[columns.record_id].str.strip_chars()
    if record_ids.null_count() or record_ids.is_duplicated().any():
        raise LinkingError(f"{path}: {columns.record_id} must be filled and different in every row")

    def joined(names: Sequence[str]) -> pl.Expr:
        parts = [pl.col(name).str.strip_chars() for name in names]
        return pl.concat_str(parts, separator=" ", ignore_nulls=True) if len(parts) > 1 else parts[0]

    texts = {
        field: joined(columns.fields[field]) if columns.fields.get(field) else pl.lit(None, pl.String)
        for field in FIELDS
    }
    written_birth = texts.pop("date_of_birth")
    digits = written_birth.str.replace_all(r"\D", "")
    is_readable = pl.lit(columns.date_format.startswith("%Y")) & (digits.str.len_chars() == 8)
    read_birth = written_birth.str.to_date(columns.date_format, strict=False)
    birth = pl.coalesce(
        read_birth.dt.strftime("%Y%m%d"),
        pl.when(is_readable).then(digits),  # no day of any calendar, and still like the right one
    )
    births = written.select(read=read_birth, written=written_birth).drop_nulls("written")
    if births.height and births["read"].null_count() == births.height:
        first = births["written"][0]
        raise LinkingError(f"{path}: no date of birth reads as {columns.date_format}; the first is {first}")
    shared = [pl.lit(f"{name}:") + pl.col(name).str.strip_chars() for name in columns.shared_ids]
    return written.select(
        nominal_id=pl.lit(f"{table}:") + record_ids,
        known_from_at=pl.lit(ALWAYS).str.to_datetime(time_unit="us"),
        birth=birth,
        shared_id=pl.concat_list(shared) if shared else pl.lit([None], pl.List(pl.String)),
        _delivery_id=pl.lit(table),
        **texts,
    ).explode("shared_id")


def link_tables(
    connection: Any,
    tables: Sequence[pl.DataFrame],
    settings: LinkSettings,
    model: frozen.FrozenModel | None,
    tell: linking.Tell,
) -> pl.DataFrame:
    """One row per record with the person it is of; without a model, weights come from the tables."""
    sightings = pl.concat(tables)
    connection.register("people", sightings.to_arrow())
    connection.execute("create or replace temporary table link_sightings as select * from people")
    connection.unregister("people")
    settings = settings.for_columns(told_in(sightings))
    is_learned = model is None
    if model is None and sightings["nominal_id"].n_unique() < FEWEST:
        raise LinkingError(
            f"{sightings['nominal_id'].n_unique():,} records are too few to learn weights from; "
            "add --weights shipped"
        )
    if model is None:
        model = training.train(connection, settings, tell)
    linking.link(connection, model, settings, tell)
    if is_learned and not shows_families(connection):
        linking.link(connection, model, settings.without_families(), tell)
    records = sightings.select("nominal_id", "known_from_at").unique(maintain_order=True)
    links = connection.execute("select * exclude (evidence) from identity.links").pl()
    apart = connection.execute("from identity.links_apart").pl()
    found = persons.resolve(records, links, apart=apart).memberships
    return (
        records.select("nominal_id")
        .join(found, on="nominal_id", how="left")
        .select(
            table=pl.col("nominal_id").str.split_exact(":", 1).struct[0],
            record_id=pl.col("nominal_id").str.splitn(":", 2).struct[1],
            person_id="person_id",
        )
    )


def told_in(sightings: pl.DataFrame) -> set[str]:
    """Of what profiles hold, what any record of the tables tells."""
    held = {column: IN_PROFILES.get(column, column) for column in sightings.columns}
    return {held[column] for column in held if sightings[column].drop_nulls().len()}


def shows_families(connection: Any) -> bool:
    """Whether those of one surname at one home are rather relatives than records of one person.

    For each pair of twins a family has many pairs of other birthdays. Where these are missing, those who
    share a birthday and not a forename are no twins.
    """
    [[of_one, of_two]] = connection.execute(linking.statement("families")).fetchall()
    return int(of_two) >= int(of_one)
