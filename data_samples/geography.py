"""An invented force area in the open North Sea: no real neighbourhood carries its invented crime."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]
from scipy.spatial import KDTree, Voronoi  # pyright: ignore[reportMissingTypeStubs]

from data_samples import chance
from data_samples.chance import Floats, Ints

RESIDENTS = 3_000_000  # people of the whole force at focus 1.0
CENTRE_LON, CENTRE_LAT = 2.9, 55.4
METRES_PER_LAT = 111_320.0
METRES_PER_LON = METRES_PER_LAT * float(np.cos(np.radians(CENTRE_LAT)))

SEXES = ("female", "male")
ETHNICITIES = ("asian", "black", "mixed", "other", "white")
AGE_BANDS = ("0-9", "10-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75+")
AGE_BAND_STARTS = np.array([0, 10, 18, 25, 35, 45, 55, 65, 75], dtype=np.int64)

_SEED = 2511  # of the map alone: the same polygons whatever the seed of the force
_HALF_WIDTH, _HALF_HEIGHT = 30_000.0, 22_500.0
_ETHNICITY_SHARES = np.array([0.17, 0.04, 0.03, 0.04, 0.72])
_AGE_SHARES = np.array([0.122, 0.102, 0.094, 0.139, 0.132, 0.128, 0.121, 0.089, 0.073])

_STEMS = (
    "Tolver", "Hesken", "Skarn", "Querrin", "Osmer", "Drummel", "Fennick", "Garrel", "Ilver", "Jarrick",
    "Keldra", "Lorrin", "Nethan", "Pellow", "Rusken", "Sarnel", "Thessel", "Ulmar", "Wexen", "Yarrick",
    "Zennock", "Brackel", "Cindle", "Vorrin", "Emmick", "Falken", "Morren", "Asken",
)  # fmt: skip
_ENDINGS = (
    "holt", "mere", "fold", "garth", "scar", "beck", "shaw", "thwaite", "wold", "croft", "rigg", "den",
    "strand", "haven", "mount", "fleet", "stow",
)  # fmt: skip


@dataclass(frozen=True)
class District:
    """One of the five policing districts; the order is that of the published columns."""

    code: str
    name: str
    wards: int
    stalking: int  # published yearly count: its share of the residents follows it
    east: float  # metres from the middle of the force to the middle of the town
    north: float
    deprivation: float
    asian: float


DISTRICTS: tuple[District, ...] = (
    District("AV", "Alvermoor", 32, 1571, -12_500.0, 7_500.0, 0.55, 1.9),
    District("EF", "Eskenfold", 12, 565, -15_500.0, -9_500.0, 0.05, 0.7),
    District("HM", "Harnmarsh", 21, 1019, -1_500.0, -11_000.0, 0.1, 1.3),
    District("MV", "Morvenholt", 43, 2088, 9_500.0, 5_500.0, -0.15, 0.6),
    District("VB", "Veskerby", 18, 886, 15_500.0, -11_000.0, 0.15, 0.25),
)


@dataclass(frozen=True)
class Geography:
    """Wards as arrays, one entry for each; only the populations depend on the focus."""

    ward_ids: tuple[str, ...]
    ward_names: tuple[str, ...]
    ward_district: NDArray[np.int8]  # index into DISTRICTS
    deprivation_decile: NDArray[np.int8]  # 1 is the most deprived tenth
    ward_population: Floats
    centroid_lon: Floats
    centroid_lat: Floats
    population: Ints  # people by ward, sex, age band, ethnicity: sums to ward_population
    ethnicity_mix: Floats  # by ward and ethnicity; rows sum to 1
    age_mix: Floats  # by ward and age band; rows sum to 1
    rings: tuple[Floats, ...]  # each ward's closed outer ring of (lon, lat), counter-clockwise
    outline: Floats  # the force's closed outer ring of (east, north) metres, counter-clockwise
    sites: Floats  # (east, north) of the point that each ward is nearest to
    triangles: Floats  # (triangle, corner, east/north): fans that cover the wards
    triangle_edges: Floats  # ward index plus the cumulative share of the ward's area

    def points(self, ward: Ints, key: Ints, stream: str) -> tuple[Floats, Floats]:
        """A place inside each ward, always the same for the same ward, key and stream."""
        ward, key = np.broadcast_arrays(np.asarray(ward, dtype=np.int64), np.asarray(key, dtype=np.int64))
        name = f"place:{stream}"
        drawn = ward + chance.uniform(_SEED, name, ward, key, 0)
        triangle = np.minimum(
            np.searchsorted(self.triangle_edges, drawn, side="right"), len(self.triangle_edges) - 1
        )
        along, across = chance.uniform(_SEED, name, ward, key, 1), chance.uniform(_SEED, name, ward, key, 2)
        along = 0.998 * np.sqrt(along)  # uniform over the triangle, a step short of the ward's edge
        corners = self.triangles[triangle]
        middle, first, second = corners[..., 0, :], corners[..., 1, :], corners[..., 2, :]
        edge = first + (second - first) * across[..., None]
        place = middle + (edge - middle) * along[..., None]
        return to_degrees(place[..., 0], place[..., 1])

    def ward_at(self, lon: Floats, lat: Floats) -> Ints:
        """The ward that holds each place, or -1 outside the force."""
        east, north = to_metres(np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64))
        known = np.isfinite(east) & np.isfinite(north)
        east, north = np.where(known, east, 1e9), np.where(known, north, 1e9)
        nearest = _nearest(self.sites, np.stack([east, north], axis=-1))
        angles = np.arctan2(self.outline[:-1, 1], self.outline[:-1, 0])
        start = (np.searchsorted(angles, np.arctan2(north, east), side="right") - 1) % len(angles)
        a, b = self.outline[start], self.outline[start + 1]
        inside = (b[..., 0] - a[..., 0]) * (north - a[..., 1]) - (b[..., 1] - a[..., 1]) * (
            east - a[..., 0]
        ) >= 0
        return np.where(known & inside, nearest, -1)


def _nearest(sites: Floats, places: Floats) -> Ints:
    return np.asarray(KDTree(sites).query(places)[1], dtype=np.int64)  # pyright: ignore[reportUnknownMemberType]


def to_metres(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Metres east and north of the middle of the force, on a flat earth: good to a few metres here."""
    return (lon - CENTRE_LON) * METRES_PER_LON, (lat - CENTRE_LAT) * METRES_PER_LAT


def to_degrees(east: Floats, north: Floats) -> tuple[Floats, Floats]:
    """The inverse of `to_metres`."""
    return CENTRE_LON + east / METRES_PER_LON, CENTRE_LAT + north / METRES_PER_LAT


def _snapped(metres: Floats) -> Floats:
    """Rounded to the five decimals of a degree that the file holds."""
    lon, lat = to_degrees(metres[..., 0], metres[..., 1])
    return np.stack(to_metres(np.round(lon, 5), np.round(lat, 5)), axis=-1)


def _coast() -> Floats:
    """A closed ring round the middle, star-shaped, in order of angle from -pi."""
    angle = -np.pi + (np.arange(120) + 0.5) * (2 * np.pi / 120)
    reach = (
        np.abs(np.cos(angle) / _HALF_WIDTH) ** 2.6 + np.abs(np.sin(angle) / _HALF_HEIGHT) ** 2.6
    ) ** (-1 / 2.6)  # fmt: skip
    wave = (
        0.93 + 0.035 * np.sin(3 * angle + 1.0) + 0.022 * np.sin(5 * angle + 0.3) + 0.013 * np.sin(8 * angle)
    )
    ring = _snapped(np.stack([reach * wave * np.cos(angle), reach * wave * np.sin(angle)], axis=-1))
    return np.concatenate([ring, ring[:1]])


def _inside(coast: Floats, place: Floats) -> NDArray[np.bool_]:
    angles = np.arctan2(coast[:-1, 1], coast[:-1, 0])
    start = (np.searchsorted(angles, np.arctan2(place[:, 1], place[:, 0]), side="right") - 1) % len(angles)
    a, step = coast[start], coast[start + 1] - coast[start]
    return step[:, 0] * (place[:, 1] - a[:, 1]) - step[:, 1] * (place[:, 0] - a[:, 0]) >= 0


def _sites(coast: Floats, count: int) -> Floats:
    """Ward middles: crowded in the towns, sparse between them, evened out by Lloyd's steps."""
    random = chance.generator(_SEED, "sites")
    town = random.choice(len(DISTRICTS), 40_000, p=np.array([d.wards for d in DISTRICTS]) / count)
    middle = np.array([[d.east, d.north] for d in DISTRICTS])[town]
    spread = np.sqrt(np.array([d.wards for d in DISTRICTS]))[town, None] * 900.0
    urban = middle + random.normal(0, 1, (40_000, 2)) * spread
    rural = random.uniform(-1, 1, (24_000, 2)) * [_HALF_WIDTH, _HALF_HEIGHT]
    cloud = np.concatenate([urban, rural])
    cloud = cloud[_inside(coast, cloud)]
    sites = cloud[random.choice(len(cloud), count, replace=False)]
    for _ in range(12):
        owner = _nearest(sites, cloud)
        sums = np.stack([np.bincount(owner, cloud[:, axis], count) for axis in (0, 1)], axis=-1)
        sites = sums / np.maximum(np.bincount(owner, minlength=count), 1)[:, None]
    return np.round(sites)


def _clipped(ring: Floats, middle: Floats, normal: Floats) -> Floats:
    """The part of an open ring on the near side of the line through `middle` across `normal`."""
    beyond = (ring - middle) @ normal
    following, next_beyond = np.roll(ring, -1, axis=0), np.roll(beyond, -1)
    kept: list[Floats] = []
    for place, to, here, there in zip(ring, following, beyond, next_beyond, strict=True):
        if here <= 0:
            kept.append(place)
        if (here <= 0) != (there <= 0):
            kept.append(place + (to - place) * (here / (here - there)))
    return np.array(kept)


def _cells(coast: Floats, sites: Floats) -> list[Floats]:
    """Each site's Voronoi cell cut to the coast, as an open ring of metres on the file's grid."""
    neighbours = np.asarray(Voronoi(sites).ridge_points, dtype=np.int64)
    cells: list[Floats] = []
    for ward, site in enumerate(sites):
        ring = coast[:-1]
        touching = neighbours[(neighbours == ward).any(axis=1)]
        for other in np.sort(touching.sum(axis=1) - ward):
            ring = _clipped(ring, (sites[other] + site) / 2, sites[other] - site)
        ring = _snapped(ring)
        cells.append(ring[(ring != np.roll(ring, 1, axis=0)).any(axis=1)])
    return cells


def _centroid(ring: Floats) -> Floats:
    following = np.roll(ring, -1, axis=0)
    cross = ring[:, 0] * following[:, 1] - following[:, 0] * ring[:, 1]
    return ((ring + following) * cross[:, None]).sum(axis=0) / (3 * cross.sum())


@dataclass(frozen=True)
class _Map:
    coast: Floats
    sites: Floats
    cells: tuple[Floats, ...]
    middles: Floats
    district: NDArray[np.int8]


@lru_cache(maxsize=1)
def _map() -> _Map:
    """Sites grouped by district, so that ward ids run through each district in turn."""
    coast = _coast()
    sites = _sites(coast, sum(d.wards for d in DISTRICTS))
    seats = np.repeat(np.arange(len(DISTRICTS)), [d.wards for d in DISTRICTS])
    towns = np.array([[d.east, d.north] for d in DISTRICTS])[seats]
    cost = ((sites[:, None, :] - towns[None, :, :]) ** 2).sum(axis=2)
    taken = np.asarray(linear_sum_assignment(cost)[1], dtype=np.int64)
    district = seats[taken]
    order = np.lexsort((sites[:, 0], -sites[:, 1], district))
    sites, district = sites[order], district[order].astype(np.int8)
    cells = _cells(coast, sites)
    return _Map(coast, sites, tuple(cells), np.array([_centroid(cell) for cell in cells]), district)


def _deprivation(drawn: _Map) -> Floats:
    """Worse near the middle of a town and in some districts, better at the edges."""
    town = np.array([[d.east, d.north] for d in DISTRICTS])[drawn.district]
    reach = np.sqrt(np.array([d.wards for d in DISTRICTS]))[drawn.district] * 1_500.0
    away = np.hypot(*(drawn.middles - town).T) / reach
    local = np.array([d.deprivation for d in DISTRICTS])[drawn.district]
    return local - 0.8 * away + chance.normal(_SEED, "deprivation", np.arange(len(away))) * 0.65


def _deciles(deprivation: Floats) -> NDArray[np.int8]:
    """National tenths; a metropolitan force of the north has more than its share of the first three."""
    rank = np.argsort(np.argsort(-deprivation, kind="stable"), kind="stable")
    return (1 + np.floor(10 * ((rank + 0.5) / len(rank)) ** 1.35)).astype(np.int8)


def _ward_shares(drawn: _Map) -> Floats:
    """Each ward's share of the residents; a district's share is that of its published stalking."""
    weight = np.exp(chance.normal(_SEED, "ward size", np.arange(len(drawn.sites))) * 0.22)
    published = np.array([d.stalking for d in DISTRICTS], dtype=np.float64)
    return (
        weight
        / np.bincount(drawn.district, weight)[drawn.district]
        * (published / published.sum())[drawn.district]
    )


def _ethnicity(drawn: _Map, shares: Floats, deprivation: Floats) -> Floats:
    """Minorities live together, more in town; the whole force has the stated shares."""
    ward = np.arange(len(shares))
    pull = chance.normal(_SEED, "ethnicity", ward[:, None], np.arange(5)[None, :]) * [
        1.0,
        0.7,
        0.3,
        0.5,
        0.15,
    ]
    slope = np.array([0.55, 0.6, 0.3, 0.5, 0.0])
    weight = _ETHNICITY_SHARES * np.exp(pull + slope * (deprivation - deprivation.mean())[:, None])
    weight[:, 0] *= np.array([d.asian for d in DISTRICTS])[drawn.district]
    for _ in range(60):
        weight /= weight.sum(axis=1, keepdims=True)
        weight *= _ETHNICITY_SHARES / (shares @ weight)
    return weight / weight.sum(axis=1, keepdims=True)


def _ages(shares: Floats, deprivation: Floats) -> Floats:
    """Younger where poor, older where not, and a few wards of students."""
    ward = np.arange(len(shares))
    years = np.array([5, 14, 21, 30, 40, 50, 60, 70, 81]) - 40
    tilt = -0.006 * (deprivation - deprivation.mean()) + 0.004 * chance.normal(_SEED, "age", ward)
    weight = _AGE_SHARES * np.exp(tilt[:, None] * years)
    weight[:, 2] *= np.where(chance.happens(0.06, _SEED, "students", ward), 4.0, 1.0)
    for _ in range(40):
        weight /= weight.sum(axis=1, keepdims=True)
        weight *= _AGE_SHARES / (shares @ weight)
    return weight / weight.sum(axis=1, keepdims=True)


def _whole(expected: Floats, totals: Ints) -> Ints:
    """Whole people in each row that add up to its total: largest remainders first."""
    floor = np.floor(expected).astype(np.int64)
    rank = np.argsort(np.argsort(floor - expected, axis=1, kind="stable"), axis=1, kind="stable")
    return floor + (rank < (totals - floor.sum(axis=1))[:, None])


def _fans(cells: tuple[Floats, ...], middles: Floats) -> tuple[Floats, Floats]:
    """Triangles from each ward's middle, and edges to look one up by ward plus share of area."""
    corners: list[Floats] = []
    edges: list[Floats] = []
    for ward, (cell, middle) in enumerate(zip(cells, middles, strict=True)):
        following = np.roll(cell, -1, axis=0)
        a, b = cell - middle, following - middle
        area = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
        shares = np.cumsum(np.maximum(area, 0.0))
        shares = shares / shares[-1]
        shares[-1] = 1.0
        edges.append(ward + shares)
        corners.append(np.stack([np.broadcast_to(middle, cell.shape), cell, following], axis=1))
    return np.concatenate(corners), np.concatenate(edges)


def build_geography(focus: float) -> Geography:
    """The same wards always; their residents scale with the focus, so that rates stay right."""
    drawn = _map()
    count = len(drawn.sites)
    shares, deprivation = _ward_shares(drawn), _deprivation(drawn)
    totals = _whole((shares * RESIDENTS * focus)[None, :], np.array([round(RESIDENTS * focus)]))[0]
    ethnicity, ages = _ethnicity(drawn, shares, deprivation), _ages(shares, deprivation)
    women = np.array([0.488, 0.488, 0.49, 0.5, 0.505, 0.505, 0.51, 0.52, 0.58])
    sex = np.stack([women, 1 - women])  # sex by age band: women outlive men
    expected = totals[:, None, None, None] * (
        sex[None, :, :, None] * ages[:, None, :, None] * ethnicity[:, None, None, :]
    )
    people = _whole(expected.reshape(count, -1), totals).reshape(
        count, len(SEXES), len(AGE_BANDS), len(ETHNICITIES)
    )
    districts: list[int] = drawn.district.tolist()
    number = np.arange(count) - np.searchsorted(drawn.district, drawn.district) + 1
    triangles, edges = _fans(drawn.cells, drawn.middles)
    lon, lat = to_degrees(drawn.middles[:, 0], drawn.middles[:, 1])
    return Geography(
        ward_ids=tuple(
            f"{DISTRICTS[d].code}{n:02d}" for d, n in zip(districts, number.tolist(), strict=True)
        ),
        ward_names=tuple(
            _STEMS[ward % len(_STEMS)] + _ENDINGS[(ward * 5 + ward // len(_STEMS) * 4) % len(_ENDINGS)]
            for ward in range(count)
        ),
        ward_district=drawn.district,
        deprivation_decile=_deciles(deprivation),
        ward_population=totals.astype(np.float64),
        centroid_lon=np.round(lon, 5),
        centroid_lat=np.round(lat, 5),
        population=people,
        ethnicity_mix=ethnicity,
        age_mix=ages,
        rings=tuple(_ring(cell) for cell in drawn.cells),
        outline=drawn.coast,
        sites=drawn.sites,
        triangles=triangles,
        triangle_edges=edges,
    )


def _ring(cell: Floats) -> Floats:
    lon, lat = to_degrees(cell[:, 0], cell[:, 1])
    ring = np.round(np.stack([lon, lat], axis=1), 5)
    return np.concatenate([ring, ring[:1]])


def write_geojson(geography: Geography, path: Path) -> None:
    """One feature per ward; residents as [sex, age band, ethnicity, people], empty groups left out."""
    features: list[dict[str, object]] = []
    for ward, ward_id in enumerate(geography.ward_ids):
        district = DISTRICTS[int(geography.ward_district[ward])]
        counts = geography.population[ward]
        groups: list[list[str | int]] = [
            [SEXES[s], AGE_BANDS[a], ETHNICITIES[e], int(counts[s, a, e])]
            for s, a, e in np.argwhere(counts > 0).tolist()
        ]
        features.append({
            "type": "Feature",
            "properties": {
                "ward_id": ward_id,
                "ward_name": geography.ward_names[ward],
                "district": district.code,
                "district_name": district.name,
                "deprivation_decile": int(geography.deprivation_decile[ward]),
                "residents": int(geography.ward_population[ward]),
                "population": groups,
            },
            "geometry": {"type": "Polygon", "coordinates": [geography.rings[ward].tolist()]},
        })  # fmt: skip
    document = {"type": "FeatureCollection", "name": "wards", "features": features}
    _ = path.write_text(
        json.dumps(document, separators=(",", ":"), ensure_ascii=False) + "\n", encoding="utf-8"
    )
