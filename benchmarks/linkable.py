"""Which records of one person three good deterministic rules find: how hard a force is to link."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import polars as pl

from data_samples.check.three_rules import three_rule_recall
from data_samples.sources import DIALECTS, SOURCES

IDENTITY = ("surname", "forename", "date_of_birth", "postcode", "phone")

# where a source writes who somebody is: the column of the local id, and what stands before the others' names
NAMED_IN = (
    ("crime_parties", "nominal_ref", ""),
    ("custody", "detainee_ref", ""),
    ("intelligence", "subject_ref", ""),
    ("domestic_incidents", "victim_nominal_ref", "victim_"),
    ("domestic_incidents", "other_nominal_ref", "other_"),
    ("contacts", "caller_ref", "caller_"),
)


def _arrived(force: Path, source: str, columns: list[str]) -> pl.DataFrame:
    """These columns of every delivery, as text; rows that cannot be split are left out."""
    form = DIALECTS[SOURCES[source].dialect]
    paths = sorted((force / "extracts" / source).rglob(f"*.{form.extension}"))
    if form.extension == "parquet":
        parts = [pl.read_parquet(path, columns=columns).unique() for path in paths]
    else:
        parts = [
            pl.read_csv(
                path,
                columns=columns,
                separator=form.separator,
                encoding="utf8-lossy" if form.encoding == "utf-8" else form.encoding,
                null_values=form.null_text or None,
                infer_schema=False,
                ignore_errors=True,
                truncate_ragged_lines=True,
            ).unique()
            for path in paths
        ]
    return pl.concat(parts).unique() if parts else pl.DataFrame(schema=dict.fromkeys(columns, pl.String))


def nominals(force: Path) -> pl.DataFrame:
    """One row for each way in which a local id was written down, with the person it truly is."""
    known = pl.read_parquet(force / "truth" / "nominals.parquet", columns=["nominal_ref", "person_key"])
    parts: list[pl.DataFrame] = []
    for source, reference, prefix in NAMED_IN:
        named = {
            field: column
            for field in IDENTITY
            for column in (f"{prefix}{field}", field)
            if column in SOURCES[source].columns
        }
        born = DIALECTS[SOURCES[source].dialect].date_format
        written = _arrived(force, source, [reference, *named.values()]).drop_nulls(reference)
        parts.append(
            written.select(
                nominal_ref=pl.col(reference),
                **{f: pl.col(named[f]) if f in named else pl.lit(None, pl.String) for f in IDENTITY},
            ).with_columns(pl.col("date_of_birth").str.to_date(born, strict=False))
        )
    return pl.concat(parts).unique().join(known.unique(), on="nominal_ref").sort("nominal_ref", *IDENTITY)


def of_force(force: Path) -> dict[str, int | float]:
    """Pairs of records of one person, how many the rules find, and how many they join wrongly."""
    found = three_rule_recall(nominals(force))
    return asdict(found) | {"recall": found.recall, "precision": found.precision}
