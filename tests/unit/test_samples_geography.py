"""The invented force area: whole, deterministic, and nowhere anybody lives."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from data_samples.chance import Floats
from data_samples.geography import DISTRICTS, Geography, build_geography, to_metres, write_geojson


@pytest.fixture(scope="module")
def geography() -> Geography:
    return build_geography(1.0)


def _area(ring: Floats) -> float:
    east, north = to_metres(ring[:, 0], ring[:, 1])
    return float(np.sum(east[:-1] * north[1:] - east[1:] * north[:-1]) / 2)


def test_wards_are_many_named_once_and_grouped_by_district(geography: Geography) -> None:
    assert 110 <= len(geography.ward_ids) <= 140
    assert len(set(geography.ward_ids)) == len(set(geography.ward_names)) == len(geography.ward_ids)
    codes = [DISTRICTS[d].code for d in geography.ward_district.tolist()]
    assert [ward_id[:2] for ward_id in geography.ward_ids] == codes
    assert not {d.code for d in DISTRICTS} & {"BD", "CD", "KD", "LD", "WD"}
    assert set(geography.deprivation_decile.tolist()) == set(range(1, 11))


def test_ward_areas_add_up_to_the_outline(geography: Geography) -> None:
    wards = sum(_area(ring) for ring in geography.rings)
    a, b = geography.outline[:-1], geography.outline[1:]
    outline = float(np.sum(a[:, 0] * b[:, 1] - b[:, 0] * a[:, 1]) / 2)
    assert wards == pytest.approx(outline, rel=1e-5)
    assert min(_area(ring) for ring in geography.rings) > 1e6


def test_points_lie_in_their_ward_and_repeat(geography: Geography) -> None:
    key = np.arange(20_000)
    ward = key % len(geography.ward_ids)
    lon, lat = geography.points(ward, key, "home")
    assert (geography.ward_at(lon, lat) == ward).all()
    again = geography.points(ward[::-1], key[::-1], "home")
    assert (again[0][::-1] == lon).all() and (again[1][::-1] == lat).all()
    assert (geography.points(ward, key, "work")[0] != lon).mean() > 0.99


def test_outside_the_force_is_no_ward(geography: Geography) -> None:
    lon, lat = np.array([0.0, 2.9, -1.5, 3.5, np.nan]), np.array([0.0, 55.4, 53.8, 55.4, 55.4])
    ward = geography.ward_at(lon, lat)
    assert ward[1] >= 0 and (np.delete(ward, 1) == -1).all()


def test_residents_follow_the_focus_and_nothing_else_does(geography: Geography) -> None:
    small = build_geography(0.01)
    assert geography.ward_population.sum() == 3_000_000 and small.ward_population.sum() == 30_000
    assert all((a == b).all() for a, b in zip(geography.rings, small.rings, strict=True))
    assert (geography.population.sum(axis=(1, 2, 3)) == geography.ward_population).all()
    published = np.array([1571, 565, 1019, 2088, 886]) / 6129
    by_district = np.bincount(geography.ward_district, geography.ward_population) / 3_000_000
    assert by_district == pytest.approx(published, abs=1e-4)
    assert geography.population.sum(axis=(0, 1, 2)) / 3e6 == pytest.approx(
        [0.17, 0.04, 0.03, 0.04, 0.72], abs=0.002
    )


def test_geojson_is_small_and_always_the_same(geography: Geography, tmp_path: Path) -> None:
    write_geojson(geography, tmp_path / "a.geojson")
    write_geojson(build_geography(1.0), tmp_path / "b.geojson")
    written = (tmp_path / "a.geojson").read_bytes()
    assert written == (tmp_path / "b.geojson").read_bytes() and len(written) < 600_000
    features = json.loads(written)["features"]
    assert {"ward_id", "ward_name", "district", "deprivation_decile", "population"} <= set(
        features[0]["properties"]
    )
    assert all(
        feature["geometry"]["coordinates"][0][0] == feature["geometry"]["coordinates"][0][-1]
        for feature in features
    )
    assert sum(group[3] for feature in features for group in feature["properties"]["population"]) == 3_000_000
