"""The digital witness: enough rows, the right shape, and a truth that its devices bear out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pyarrow as pa
import pytest

from data_samples.geography import Geography, build_geography, to_metres
from data_samples.sources import SOURCES
from data_samples.witness import Cases, WitnessChunk, witness_chunks
from data_samples.witness.clocks import Spans, wall_clock
from data_samples.witness.contacts import BURST_FACTOR
from data_samples.witness.fixes import CELL_HOLDS_TRUTH, _cell_fixes
from data_samples.witness.ground import Landmarks
from data_samples.witness.movements import Lives

ROWS = 60_000
INSTANT = pl.Datetime("us")


def _cases(count: int) -> Cases:
    random = np.random.default_rng(4)
    start = random.integers(17_000, 18_500, count) * 86_400 + random.integers(0, 86_400, count)
    end = start + random.integers(40, 120, count) * 86_400
    phones = [pa.array([f"06{n:09d}" for n in random.integers(0, 10**9, count)]) for _ in range(2)]
    return Cases(
        case_ref=pa.array([f"CASE{n:04d}" for n in range(count)]),
        course_key=np.arange(count) + 70,
        suspect_key=10**12 + np.arange(count) * 6,
        victim_key=10**12 + np.arange(count) * 6 + 3,
        start=start,
        end=end,
        extracted_at=end + 9 * 86_400,
        suspect_ward=random.integers(0, 126, count),
        victim_ward=random.integers(0, 126, count),
        intensity=np.exp(random.normal(1.5, 1.0, count)),
        stop_request_at=np.where(np.arange(count) % 2 == 0, (start + end) // 2, -1),
        order_at=np.full(count, -1),
        suspect_phone=phones[0],
        victim_phone=phones[1],
    )


@pytest.fixture(scope="module")
def geography() -> Geography:
    return build_geography(1.0)


@pytest.fixture(scope="module")
def chunk(geography: Geography) -> WitnessChunk:
    return _whole(list(witness_chunks(_cases(24), geography, 5, ROWS, ROWS)))


def _whole(chunks: list[WitnessChunk]) -> WitnessChunk:
    truth = {name: pl.concat([c.truth[name] for c in chunks]) for name in chunks[0].truth}
    return WitnessChunk(
        pl.concat([c.communications for c in chunks]), pl.concat([c.locations for c in chunks]), truth
    )


def test_extracts_have_the_declared_columns_and_unique_references(chunk: WitnessChunk) -> None:
    for name, frame in (("communications", chunk.communications), ("locations", chunk.locations)):
        assert frame.columns == list(SOURCES[name].columns)
        assert frame[frame.columns[0]].n_unique() == frame.height
        assert frame.height == pytest.approx(ROWS, rel=0.05)
        types = {
            "timestamp": pl.Datetime("us"),
            "integer": pl.Int64,
            "decimal": pl.Float64,
            "text": pl.String,
        }
        assert {c: types[kind] for c, kind in SOURCES[name].columns.items()} == dict(frame.schema)


def test_the_same_arguments_give_the_same_rows(
    geography: Geography,
) -> None:
    first = list(witness_chunks(_cases(6), geography, 5, 9_000, 9_000))
    again = list(witness_chunks(_cases(6), geography, 5, 9_000, 9_000))
    other = list(witness_chunks(_cases(6), geography, 6, 9_000, 9_000))
    assert first[0].communications.equals(again[0].communications)
    assert first[0].locations.equals(again[0].locations)
    assert all(first[0].truth[name].equals(again[0].truth[name]) for name in first[0].truth)
    assert not first[0].locations.equals(other[0].locations)


def test_references_count_on_from_where_they_are_told_so_that_no_two_years_share_one(
    geography: Geography,
) -> None:
    early = _whole(list(witness_chunks(_cases(3), geography, 5, 900, 900, 1)))
    late = _whole(list(witness_chunks(_cases(3), geography, 5, 900, 900, 50_001)))
    for extract, name in (("communications", "record_ref"), ("locations", "fix_ref")):
        one, other = (set(getattr(chunk, extract)[name].to_list()) for chunk in (early, late))
        assert one and not one & other


def test_no_cases_no_chunks(geography: Geography) -> None:
    assert not list(witness_chunks(_cases(0), geography, 5, 100, 100))


def test_no_clock_shows_the_skipped_hour() -> None:
    night = np.arange(np.datetime64("2019-03-31T00:00:00"), np.datetime64("2019-03-31T04:00:00"), 600)
    shown = wall_clock(night.astype("datetime64[s]").astype(np.int64))
    assert set((shown // 3600 % 24).tolist()) == {0, 2, 3}
    ordinary = np.arange(86_400 * 18_000, 86_400 * 18_001, 600)  # 14 April 2019
    assert (wall_clock(ordinary) == ordinary).all()


def test_spans_find_their_owner_and_never_overlap() -> None:
    spans = Spans.of(np.array([1, 0, 0, 0]), np.array([5, 8, 1, 9]), np.array([9, 12, 4, 20]))
    assert spans.origin.tolist() == [2, 1, 0]
    assert spans.at(np.array([0, 0, 1, 2]), np.array([1, 4, 8, 8])).tolist() == [0, -1, 2, -1]
    assert spans.touching(np.array([0, 0, 1]), np.array([4, 3, 9]), np.array([8, 5, 10])).tolist() == [
        False,
        True,
        False,
    ]


def test_cells_hold_the_truth_as_often_as_stated(geography: Geography) -> None:
    lives = Lives(_cases(1), geography, Landmarks.of(geography), 5)
    ward = np.arange(40_000) % len(geography.ward_ids)
    place = np.stack(to_metres(*geography.points(ward, np.arange(40_000), "test")), axis=-1)
    middle, radius = _cell_fixes(lives, place)
    held = np.hypot(*(place - middle).T) <= radius
    assert held.mean() == pytest.approx(CELL_HOLDS_TRUTH, abs=0.01)
    assert radius.min() >= 300 and radius.max() <= 3_000


def test_people_move_no_faster_than_a_car(geography: Geography) -> None:
    cases = _cases(6)
    lives = Lives(cases, geography, Landmarks.of(geography), 5)
    for case in range(len(cases)):
        at = np.arange(cases.start[case], cases.end[case], 120)
        owner = np.full(len(at), case)
        for is_suspect in (True, False):
            place = lives.positions(np.full(len(at), is_suspect), owner, at)
            assert np.hypot(*np.diff(place, axis=0).T).max() / 120 < 36


def test_planted_visits_are_beside_the_victim_or_where_the_victim_is_not(geography: Geography) -> None:
    lives = Lives(_cases(24), geography, Landmarks.of(geography), 5)
    visits = lives.visits
    assert len(visits.case) > 30
    every = np.ones(len(visits.case), dtype=np.bool_)
    for share in (0.0, 0.5, 0.95):
        at = visits.start + ((visits.end - visits.start) * share).astype(np.int64)
        apart = lives.positions(every, visits.case, at) - lives.positions(~every, visits.case, at)
        metres = np.hypot(*apart.T)
        beside = visits.kind < 4
        assert metres[beside].min() > 45 and metres[beside].max() < 155
        assert metres[~beside].min() > 300
    length = visits.end - visits.start
    assert length.min() >= 300 and length.max() <= 3_600


def test_fixes_bear_out_the_planted_visits(chunk: WitnessChunk) -> None:
    broken = chunk.truth["corrupted"]["record_ref"]
    good = chunk.locations.filter((pl.col("method") == "gps") & ~pl.col("fix_ref").is_in(broken.to_list()))
    clocks = chunk.truth["device_clocks"].filter(
        (pl.col("skew_seconds") == 0) & (pl.col("drift_seconds_per_day") == 0)
    )
    visits = chunk.truth["colocations"].filter(pl.col("kind").is_in(["waiting", "near_home_without_victim"]))
    seen = (
        good.join(clocks.select("device_ref"), on="device_ref")
        .filter(pl.col("device_ref").str.ends_with("-S1"))
        .join(visits, on="case_ref", suffix="_visit")
        .filter(pl.col("fixed_at").is_between("started_at", "ended_at"))
    )
    assert seen.height > 5
    east, north = to_metres(seen["longitude"].to_numpy(), seen["latitude"].to_numpy())
    there = to_metres(seen["longitude_visit"].to_numpy(), seen["latitude_visit"].to_numpy())
    metres = np.hypot(east - there[0], north - there[1])
    assert metres == pytest.approx(seen["metres"].to_numpy(), abs=90)


def test_bursts_exceed_the_dyads_own_past(chunk: WitnessChunk) -> None:
    bursts = chunk.truth["bursts"]
    assert bursts.height >= 5
    assert bursts["factor"].min() >= BURST_FACTOR  # type: ignore[operator]
    assert (bursts["ended_at"] > bursts["started_at"]).all()


def test_devices_are_silent_in_their_gaps(chunk: WitnessChunk) -> None:
    clocks = chunk.truth["device_clocks"].filter(
        (pl.col("skew_seconds") == 0) & (pl.col("drift_seconds_per_day") == 0)
    )
    broken = chunk.truth["corrupted"].filter(pl.col("kind") != "duplicate")["record_ref"].to_list()
    fixes = chunk.locations.filter(~pl.col("fix_ref").is_in(broken)).join(clocks, on="device_ref", how="semi")
    gaps = chunk.truth["device_gaps"].join(clocks, on="device_ref", how="semi")
    assert gaps.height > 10
    inside = fixes.join(gaps, on="device_ref").filter(
        (pl.col("fixed_at") >= pl.col("started_at")) & (pl.col("fixed_at") < pl.col("ended_at"))
    )
    assert inside.height == 0


def test_what_is_corrupted_is_named_and_looks_it(chunk: WitnessChunk) -> None:
    corrupted = chunk.truth["corrupted"]
    fixes = chunk.locations.join(corrupted, left_on="fix_ref", right_on="record_ref").with_columns(
        second=pl.col("fixed_at").dt.epoch("s") % 86_400
    )
    assert fixes.filter(pl.col("kind") == "null_island")["longitude"].unique().to_list() == [0.0]
    assert fixes.filter(pl.col("kind") == "midnight")["second"].unique().to_list() == [0]
    sea = fixes.filter(pl.col("kind") == "out_at_sea")
    assert (np.hypot(*to_metres(sea["longitude"].to_numpy(), sea["latitude"].to_numpy())) > 40_000).all()
    copies = fixes.filter(pl.col("kind") == "duplicate").height / chunk.locations.height
    assert copies == pytest.approx(0.015, abs=0.004)
    zero = (chunk.locations["longitude"] == 0.0).sum()
    assert zero == fixes.filter(pl.col("kind") == "null_island").height


def test_both_halves_of_a_call_in_each_phones_own_words(geography: Geography) -> None:
    cases = replace(_cases(8), intensity=np.full(8, 20.0))
    chunk = _whole(list(witness_chunks(cases, geography, 5, 30_000, 100)))
    digits = pl.col("from_number").str.replace_all(r"\D", "").str.tail(10).alias("from_digits")
    mine = pl.DataFrame({"case_ref": cases.refs, "phone": cases.phones.head(8).str.tail(10)})
    rows = chunk.communications.with_columns(digits).join(mine, on="case_ref")
    by_suspect = rows.filter((pl.col("from_digits") == pl.col("phone")) & (pl.col("kind") == "call"))
    ends = by_suspect["device_ref"].str.tail(2).unique().sort().to_list()
    assert ends == ["S1", "V1"]
    assert chunk.communications["from_number"].str.contains(r"^\+44").any()
    assert chunk.communications.filter(pl.col("kind") == "attempt")[
        "duration_seconds"
    ].unique().to_list() == [0]
    assert (chunk.communications["from_number"] == "WITHHELD").any()


def test_contact_goes_on_after_the_victim_asked_it_to_stop(geography: Geography) -> None:
    lives_on = replace(_cases(8), intensity=np.full(8, 10.0))
    chunk = _whole(list(witness_chunks(lives_on, geography, 5, 30_000, 100)))
    asked = pl.DataFrame({
        "case_ref": lives_on.refs,
        "asked": lives_on.stop_request_at,
        "phone": lives_on.phones.head(8).str.tail(10),
    }).filter(pl.col("asked") >= 0)  # fmt: skip
    later = chunk.communications.join(asked, on="case_ref").filter(
        (pl.col("started_at").dt.epoch("s") > pl.col("asked"))
        & (pl.col("from_number").str.replace_all(r"\D", "").str.tail(10) == pl.col("phone"))
    )
    assert later["case_ref"].n_unique() >= 3
