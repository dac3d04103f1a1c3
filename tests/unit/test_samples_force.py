"""A whole force on disk: every source, its history, its deliveries, and a truth that fits them."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from data_samples.force import ForceError, ForceOptions, make_force
from data_samples.prose.codes import CODES
from data_samples.sources import DIALECTS, SOURCES

TEXTS = {
    "crimes": ("crime_ref", "mo_text"),
    "command_logs": ("incident_ref", "log_text"),
    "risk_forms": ("form_ref", "form_text"),
    "case_notes": ("note_ref", "note_text"),
    "intelligence": ("report_ref", "report_text"),
    "domestic_incidents": ("incident_ref", "incident_text"),
}


def quiet(stage: str, rows: int, expected: int) -> None:
    del stage, rows, expected


def digest(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def read(force: Path, source: str) -> pl.DataFrame:
    """Every row of a source as text, in every delivery; damaged lines are dropped."""
    form = DIALECTS[SOURCES[source].dialect]
    parts: list[pl.DataFrame] = []
    for path in sorted((force / "extracts" / source).rglob(f"{source}_*")):
        if form.extension == "parquet":
            parts.append(pl.read_parquet(path))
            continue
        parts.append(
            pl.read_csv(
                path,
                separator=form.separator,
                encoding="utf8" if form.encoding == "utf-8" else "windows-1252",
                null_values=form.null_text or None,
                infer_schema=False,
                ignore_errors=True,
                truncate_ragged_lines=True,
            )
        )
    return pl.concat(parts, how="vertical_relaxed")


def share(flags: pl.Series) -> float:
    """The share that is true, of those that are known."""
    return float(flags.drop_nulls().cast(pl.Float64).to_numpy().mean())


def truth(force: Path, table: str) -> pl.DataFrame:
    return pl.read_parquet(force / "truth" / f"{table}.parquet")


def test_every_source_is_delivered_with_its_columns(small_force: Path) -> None:
    for name, source in SOURCES.items():
        rows = read(small_force, name)
        assert rows.columns == list(source.columns), name
        assert rows.height > 0, name


def test_history_comes_first_then_a_delivery_every_four_weeks(small_force: Path) -> None:
    for name in SOURCES:
        folders = sorted(path for path in (small_force / "extracts" / name).iterdir() if path.is_dir())
        kinds = [json.loads((folder / "manifest.json").read_text("utf-8"))["kind"] for folder in folders]
        assert kinds[0] == "history"
        assert kinds.count("regular") >= 13
        files = [path.name for path in folders[0].iterdir() if path.name != "manifest.json"]
        assert len(files) >= 5 or name in ("communications", "locations")


def test_the_same_arguments_give_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    made: list[dict[str, str]] = []
    for number, seed in enumerate((9, 9, 10)):
        out = tmp_path / str(number)
        make_force(ForceOptions(out=out, scale=0.001, focus=0.003, seed=seed, years=2, deliveries=3), quiet)
        made.append(digest(out))
    assert made[0] == made[1]
    assert made[0] != made[2]
    assert set(made[0]) >= {"truth/force.json", "extracts/wards.geojson"}


def test_nothing_is_left_in_the_scratch_folder(small_force: Path) -> None:
    assert sorted(path.name for path in small_force.iterdir()) == ["extracts", "truth"]


def test_every_nominal_leads_to_one_person(small_force: Path) -> None:
    known = truth(small_force, "nominals")
    assert known.select("system", "nominal_ref").is_duplicated().sum() == 0
    named = set(known["nominal_ref"].to_list())
    for source, column in (
        ("crime_parties", "nominal_ref"),
        ("custody", "detainee_ref"),
        ("contacts", "caller_ref"),
    ):
        seen = read(small_force, source)[column].drop_nulls().unique()
        broken = truth(small_force, "broken_rows").filter(pl.col("source") == source).height
        assert sum(ref not in named for ref in seen.to_list()) <= broken


def test_a_person_stands_under_several_nominals(small_force: Path) -> None:
    known = truth(small_force, "nominals").filter(pl.col("system") == "crime")
    assert (known.group_by("person_key").len()["len"] > 1).sum() > 20


@pytest.mark.parametrize("source", TEXTS)
def test_what_the_truth_says_of_a_text_stands_in_the_text(small_force: Path, source: str) -> None:
    reference, column = TEXTS[source]
    texts = (
        read(small_force, source)
        .select(reference, column)
        .drop_nulls()
        .unique(reference, keep="first", maintain_order=True)
    )
    spans = truth(small_force, "text_codes").filter(pl.col("source") == source)
    joined = spans.join(texts, left_on="reference", right_on=reference)
    assert joined.height > 0.95 * spans.height > 10
    inside = joined.filter((pl.col("start") < 0) | (pl.col("end") > pl.col(column).str.len_chars()))
    assert inside.height == 0
    assert set(spans["code"].unique()) <= set(CODES)
    words = joined.select(
        pl.col(column).str.slice(pl.col("start"), pl.col("end") - pl.col("start"))
    ).to_series()
    assert (words.str.len_chars() > 2).all()
    assert not words.str.starts_with(" ").any()


def test_most_prose_is_unlike_any_other(small_force: Path) -> None:
    for source, (reference, column) in TEXTS.items():
        texts = read(small_force, source).unique(reference)[column].drop_nulls()
        assert texts.n_unique() > 0.8 * texts.len(), source


def test_versions_of_a_crime_tell_its_history(small_force: Path) -> None:
    crimes = read(small_force, "crimes")
    stalking = crimes.filter(pl.col("class_code").str.starts_with("STK"))["crime_ref"].unique()
    versions = crimes.filter(pl.col("crime_ref").is_in(stalking.implode()))
    assert versions.group_by("crime_ref").agg(pl.col("class_code").n_unique())["class_code"].max() == 2
    decided = versions.filter(pl.col("outcome_code").is_not_null())
    assert share(decided["updated_at"] >= decided["outcome_at"]) > 0.99
    assert share(versions["updated_at"] >= versions["created_at"]) > 0.99


def test_a_flag_of_the_history_is_overwritten_in_place(small_force: Path) -> None:
    """All history versions of a crime show the same flag: what it was before is lost."""
    history = read(small_force, "crimes").filter(pl.col("updated_at") < "2023-12-01")
    flags = (
        history.group_by("crime_ref").agg(pl.col("cyber_flag").n_unique(), pl.len()).filter(pl.col("len") > 1)
    )
    assert flags.height > 100
    assert share(flags["cyber_flag"] > 1) < 0.01  # damaged copies aside


def test_later_deliveries_hold_new_and_changed_rows_only(small_force: Path) -> None:
    folders = sorted(path for path in (small_force / "extracts" / "crimes").iterdir() if path.is_dir())
    for folder in folders[1:]:
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        rows = pl.read_csv(
            folder / manifest["files"][0]["name"], infer_schema=False, truncate_ragged_lines=True
        )
        entered = rows["updated_at"].drop_nulls().str.to_datetime(strict=False).drop_nulls()
        low, high = (
            date.fromisoformat(manifest["covers_from"][:10]),
            date.fromisoformat(manifest["covers_to"][:10]),
        )
        inside = (entered.dt.date() >= low) & (entered.dt.date() < high)
        assert share(inside) > 0.98, folder.name


def test_technology_offences_are_placed_at_the_suspects_home(small_force: Path) -> None:
    told = truth(small_force, "offences").filter(pl.col("is_online"))
    crimes = read(small_force, "crimes").unique("crime_ref", keep="first", maintain_order=True)
    placed = told.join(crimes, on="crime_ref").filter(pl.col("location_kind").is_not_null())
    assert placed.height > 20
    assert share(placed["location_kind"] == "suspect_home") > 0.98


def test_the_truth_is_about_the_window_only(small_force: Path) -> None:
    told = truth(small_force, "offences")
    assert told["recorded_at"].min() >= pl.Series(["2014-12-30"]).str.to_datetime()[0]
    assert told["recorded_at"].max() < pl.Series(["2024-12-30"]).str.to_datetime()[0]


def test_what_the_truth_calls_a_crime_was_delivered_as_it_says(small_force: Path) -> None:
    told = truth(small_force, "offences")
    crimes = read(small_force, "crimes")
    assert told.join(crimes.select("crime_ref").unique(), on="crime_ref", how="anti").height == 0
    latest = crimes.sort("updated_at").unique("crime_ref", keep="last", maintain_order=True)
    joined = told.join(latest, on="crime_ref").with_columns(class_code=pl.col("class_code"))
    same = (joined["class_code"] == joined["true_kind"]) | (
        joined["class_code"] == joined["first_class_code"]
    )
    assert share(same) > 0.99


def test_the_missing_source_falls_silent_from_its_day_on(tmp_path: Path) -> None:
    options = ForceOptions(
        out=tmp_path / "silent", scale=0.001, focus=0.01, seed=2, years=2, deliveries=4,
        shock="source_missing", shock_at=date(2024, 11, 4), shock_size=1.0,
    )  # fmt: skip
    make_force(options, quiet)
    forms = read(tmp_path / "silent", "risk_forms")
    assert forms.height > 50
    entered = forms["created_at"].str.to_datetime(strict=False).drop_nulls()
    assert entered.max() < pl.Series(["2024-11-04"]).str.to_datetime()[0]


def test_a_failed_force_leaves_nothing_behind(tmp_path: Path) -> None:
    out = tmp_path / "halted"

    def stop(stage: str, rows: int, expected: int) -> None:
        del rows, expected
        if stage == "writing records":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_force(ForceOptions(out=out, scale=0.001, focus=0.002, years=1, deliveries=1), stop)
    assert not out.exists()


def test_a_force_that_cannot_be_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(ForceError):
        make_force(ForceOptions(out=tmp_path / "never", scale=-1), quiet)
    assert not (tmp_path / "never").exists()


def test_three_sources_of_the_digital_witness_fit_their_cases(small_force: Path) -> None:
    cases = set(read(small_force, "communications")["case_ref"].drop_nulls().unique().to_list())
    known = set(truth(small_force, "offences")["crime_ref"].to_list())
    assert cases
    assert len(cases - known) <= 1  # a damaged reference aside
    assert truth(small_force, "colocations").height > 0


def test_manifests_count_and_hash_what_stands_beside_them(small_force: Path) -> None:
    for path in sorted((small_force / "extracts").glob("*/*/manifest.json"))[::7]:
        for file in json.loads(path.read_text("utf-8"))["files"]:
            content = (path.parent / file["name"]).read_bytes()
            assert hashlib.sha256(content).hexdigest() == file["sha256"]
            assert len(content) == file["bytes"]


def test_unseen_danger_stands_in_no_extract(small_force: Path) -> None:
    """What only the truth may know has no column anywhere in the extracts."""
    columns = {column for source in SOURCES.values() for column in source.columns}
    assert not columns & {
        "person_key",
        "offender_key",
        "victim_key",
        "course_key",
        "unseen",
        "frailty",
        "is_hidden",
    }
    assert np.all([not (small_force / "extracts" / name).exists() for name in ("truth", "courses")])
