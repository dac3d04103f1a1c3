"""One in-memory DuckDB over a made force: its extracts as they stand now, and its truth beside them."""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import cast

import duckdb
import polars as pl

from data_samples.check.published import read_published
from data_samples.geography import DISTRICTS, ETHNICITIES
from data_samples.sources import DIALECTS, SOURCES

HERE = Path(__file__).parent
PUBLISHED_DISTRICTS = ("BD", "CD", "KD", "LD", "WD")
EXTRACTS = ("crimes", "crime_parties", "risk_forms")  # the sources that published figures rest on
# Latin-1 splits the same rows twenty times as fast; only letters of names differ, and no figure reads a name.
READ_AS = {"utf-8": "utf-8", "cp1252": "latin-1"}
TRUTHS = ("offences", "cases", "courses")


class CheckError(ValueError):
    """The folder cannot be checked; the message is one sentence that says why."""


@dataclass(frozen=True)
class ForceArguments:
    """What the force was made with, as far as the published figures need it."""

    scale: float
    focus: float
    start: date
    end: date


def read_arguments(directory: Path) -> ForceArguments:
    if not directory.is_dir():
        raise CheckError(
            f"{directory} is not a folder: give the folder that `throughline samples make --out` wrote."
        )
    for part in ("extracts", "truth"):
        if not (directory / part).is_dir():
            raise CheckError(f"{directory} holds no {part}/ folder, so it is not a whole made force.")
    written = directory / "truth" / "force.json"
    try:
        told = cast(dict[str, object], json.loads(written.read_text("utf-8")))
        return ForceArguments(
            scale=float(str(told["scale"])),
            focus=float(str(told["focus"])),
            start=date.fromisoformat(str(told["start"])[:10]),
            end=date.fromisoformat(str(told["end"])[:10]),
        )
    except FileNotFoundError:
        raise CheckError(f"{written} is missing, so how large the force was made is not known.") from None
    except (KeyError, ValueError, TypeError) as problem:
        raise CheckError(f"{written} cannot be read ({problem}); make the force again.") from None


@contextmanager
def open_force(directory: Path, arguments: ForceArguments) -> Generator[duckdb.DuckDBPyConnection]:
    """Tables: crimes, crime_parties, risk_forms, stalking, coded, police_year, figures, periods, truth_*."""
    with duckdb.connect(config={"memory_limit": "2GB", "preserve_insertion_order": False}) as connection:
        connection.execute("set enable_progress_bar = false")
        _add_frames(connection, arguments)
        for name in TRUTHS:
            connection.read_parquet(_pattern(directory / "truth", name, "parquet")).create_view(
                f"truth_{name}"
            )
        for name in EXTRACTS:
            _add_extract(connection, directory, name)
        connection.execute((HERE / "views" / "stalking.sql").read_text("utf-8"))
        yield connection


def _add_frames(connection: duckdb.DuckDBPyConnection, arguments: ForceArguments) -> None:
    made_with = pl.DataFrame({"scale": [arguments.scale], "focus": [arguments.focus]})
    connection.from_arrow(made_with.to_arrow()).create("made_with")
    periods = pl.read_csv(HERE / "periods.csv", try_parse_dates=True).with_columns(
        day_after=pl.col("last_day").dt.offset_by("1d")
    )
    districts = pl.DataFrame(
        {"district": [district.code for district in DISTRICTS], "published_district": PUBLISHED_DISTRICTS}
    )
    figures = pl.DataFrame(
        [(figure.figure_id, figure.query) for figure in read_published().values() if figure.status == "used"],
        schema=["figure_id", "query"],
        orient="row",
    ).with_columns(parts=pl.col("figure_id").str.split("."))
    ethnicities = pl.DataFrame({"ethnicity": ETHNICITIES}).with_row_index("number")
    connection.from_arrow(ethnicities.to_arrow()).create("ethnicities")
    connection.from_arrow(figures.to_arrow()).create("figures")
    connection.from_arrow(periods.to_arrow()).create("periods")
    connection.from_arrow(districts.to_arrow()).create("districts")


def _pattern(folder: Path, name: str, suffix: str) -> str:
    """A table's files, whether it is one file or a folder of them."""
    for pattern in (f"{name}.{suffix}", f"{name}/**/*.{suffix}"):
        if next(folder.glob(pattern), None) is not None:
            return str(folder / pattern)
    raise CheckError(f"{folder} holds no {name} files ending in .{suffix}, so nothing can be checked.")


def _add_extract(connection: duckdb.DuckDBPyConnection, directory: Path, name: str) -> None:
    """Read every delivery of one source in its own dialect and keep what the figures need of it."""
    form = DIALECTS[SOURCES[name].dialect]
    told = {
        "pattern": _pattern(directory / "extracts", name, form.extension),
        "separator": form.separator,
        "null_text": form.null_text,
        "encoding": READ_AS[form.encoding],
    }
    for variable, value in told.items():
        connection.execute(f"set variable {variable} = $value", {"value": value})
    for step in ("arrived", name):
        connection.execute((HERE / "views" / f"{step}.sql").read_text("utf-8"))
