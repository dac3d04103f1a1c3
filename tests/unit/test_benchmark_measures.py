"""What the benchmarks compute, on cases a person can check."""

from __future__ import annotations

import gzip
import sys
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from benchmarks.__main__ import main, names
from benchmarks.ceilings import apart, calibration_z, measure, weighted_auc
from benchmarks.linkable import NAMED_IN, nominals
from benchmarks.process_tree import watch
from benchmarks.samples import copied
from data_samples.sources import DIALECTS, SOURCES


def auc(score: list[float], positive: list[float], negative: list[float]) -> float:
    return weighted_auc(np.array(score), np.array(positive), np.array(negative))


def test_auc_counts_pairs_in_the_right_order_and_ties_by_half() -> None:
    assert auc([1, 2, 3, 4], [0, 0, 1, 1], [1, 1, 0, 0]) == 1
    assert auc([4, 3, 2, 1], [0, 0, 1, 1], [1, 1, 0, 0]) == 0
    assert auc([1, 1, 1, 1], [0, 0, 1, 1], [1, 1, 0, 0]) == 0.5
    assert auc([1, 2, 2, 3], [0, 1, 0, 1], [1, 0, 1, 0]) == pytest.approx(3.5 / 4)


def test_expected_auc_is_what_many_draws_bring_on_average() -> None:
    chance = np.random.default_rng(1).beta(1, 20, 3000)
    drawn = np.random.default_rng(2).random((200, 3000)) < chance
    seen = [weighted_auc(chance, row, 1 - row) for row in drawn.astype(float)]
    assert weighted_auc(chance, chance, 1 - chance) == pytest.approx(np.mean(seen), abs=0.005)


def test_expected_auc_compares_nobody_with_themselves() -> None:
    # two people, chances a and b: pairs a(1-b) the right way round and b(1-a) the wrong way
    a, b = 0.8, 0.3
    assert auc([a, b], [a, b], [1 - a, 1 - b]) == pytest.approx(a * (1 - b) / (a * (1 - b) + b * (1 - a)))


def test_calibration_is_in_standard_deviations() -> None:
    assert calibration_z(np.full(100, 0.5), np.array([1.0] * 60 + [0.0] * 40)) == pytest.approx(2.0)
    assert calibration_z(np.array([]), np.array([])) == 0


def test_only_cut_offs_whose_horizons_do_not_overlap_are_independent() -> None:
    days = pl.Series([date(2024, 1, 1) - timedelta(days=28 * n) for n in range(40)])
    kept = apart(days, 365).to_list()
    assert kept == [date(2024, 1, 1), date(2024, 1, 1) - timedelta(392), date(2024, 1, 1) - timedelta(784)]


def test_young_outcomes_are_left_out_of_the_ceilings() -> None:
    chance = np.linspace(0.01, 0.5, 500)
    one = {
        "person_key": range(500),
        "horizon_days": 365,
        "threshold": 365,
        "p_everything": chance,
        "p_recorded": chance,
        "outcome": np.random.default_rng(3).random(500) < chance,
    }
    mature = pl.DataFrame({"cut_off": date(2022, 1, 1), **one})
    young = mature.with_columns(cut_off=pl.lit(date(2024, 6, 1)), outcome=pl.lit(None, pl.Boolean))
    measured = measure(pl.concat([mature, young]))
    assert [(m.knowing, m.cut_offs) for m in measured] == [("everything", 1), ("what was recorded", 1)]
    assert 0.6 < measured[0].expected_auc < 0.9
    assert abs(measured[0].calibration_z) < 4


def test_the_floor_copies_every_byte(tmp_path: Path) -> None:
    (tmp_path / "force" / "a").mkdir(parents=True)
    (tmp_path / "force" / "a" / "x").write_bytes(b"1234567")
    total, seconds = copied(tmp_path / "force", tmp_path / "copy")
    assert total == 7 and seconds > 0
    assert (tmp_path / "copy" / "a" / "x").read_bytes() == b"1234567"


def test_names_are_read_from_every_source_in_its_own_dialect(tmp_path: Path) -> None:
    known: list[str] = []
    for source, reference, prefix in NAMED_IN:
        form = DIALECTS[SOURCES[source].dialect]
        columns = list(SOURCES[source].columns)
        named = {f"{prefix}surname", f"{prefix}date_of_birth", "surname"} & set(columns)
        born = date(1980, 12, 3).strftime(form.date_format)
        row = dict.fromkeys(columns, "") | {
            column: born if column.endswith("birth") else "Renée;O'Hara, jr" for column in named
        }
        row[reference] = f"N{len(known)}"
        known.append(row[reference])
        lines = pl.DataFrame([dict.fromkeys(columns, "x\ny") | {reference: "nobody"}, row])
        folder = tmp_path / "extracts" / source / prefix
        folder.mkdir(parents=True)
        if form.extension == "parquet":
            lines.write_parquet(folder / "part.parquet")
            continue
        text = lines.write_csv(separator=form.separator).encode(form.encoding)
        whole = gzip.compress(text) if form.compression == "gzip" else text
        (folder / f"part.{form.extension}").write_bytes(b"\xef\xbb\xbf" * form.byte_order_mark + whole)
    (tmp_path / "truth").mkdir()
    pl.DataFrame({"nominal_ref": known, "person_key": range(len(known))}).write_parquet(
        tmp_path / "truth" / "nominals.parquet"
    )
    read = nominals(tmp_path).drop_nulls("surname")
    assert read["nominal_ref"].to_list() == known
    assert read["surname"].unique().to_list() == ["Renée;O'Hara, jr"]
    assert read["date_of_birth"].drop_nulls().unique().to_list() == [date(1980, 12, 3)]


def test_memory_is_that_of_the_whole_tree(tmp_path: Path) -> None:
    child = "import time; kept = bytearray(80_000_000); time.sleep(1.5)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    taken = watch([sys.executable, "-c", parent], tmp_path)
    assert taken.exit_code == 0
    assert taken.seconds > 1.5
    assert 80 < taken.peak_megabytes < 250


def test_benchmarks_are_listed_and_an_unknown_one_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert "samples" in names()
    assert main([]) == 0
    assert "make bench NAME=samples" in capsys.readouterr().out
    assert main(["nothing"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
