"""Stations, cameras and masts of the invented force, on a flat earth in metres."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import KDTree  # pyright: ignore[reportMissingTypeStubs]

from data_samples.chance import Floats, Ints
from data_samples.geography import Geography, to_metres

_STATIONS, _CAMERAS, _MASTS_PER_WARD = 24, 110, 7


def _nearest(sites: Floats, places: Floats, count: int) -> tuple[Floats, Ints]:
    """Distances and indices of the nearest sites of each place."""
    found = KDTree(sites).query(places, k=count)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return np.asarray(found[0], dtype=np.float64), np.asarray(found[1], dtype=np.int64)  # pyright: ignore[reportUnknownArgumentType]


@dataclass(frozen=True)
class Landmarks:
    """Stations, cameras and masts of the invented force, in metres; the same for every seed."""

    stations: Floats
    cameras: Floats
    masts: Floats
    reach: Floats  # how far each mast's sectors go
    grid: Ints  # nearest and a farther mast for each cell of the raster below
    nearby: Floats  # for each ward, the cumulative chance of going to each ward

    EDGE = 32_000.0
    CELL = 200.0

    @staticmethod
    def of(geography: Geography) -> Landmarks:
        wards = len(geography.ward_ids)

        def scattered(ward: Ints, stream: str) -> Floats:
            lon, lat = geography.points(ward, np.arange(len(ward)), stream)
            return np.stack(to_metres(lon, lat), axis=-1)

        spread = np.arange(_CAMERAS) * wards // _CAMERAS
        masts = scattered(np.repeat(np.arange(wards), _MASTS_PER_WARD), "mast")
        spacing = _nearest(masts, masts, 4)[0][:, 3]
        step = np.arange(-Landmarks.EDGE, Landmarks.EDGE, Landmarks.CELL) + Landmarks.CELL / 2
        east, north = np.meshgrid(step, step)
        cells = np.stack([east.ravel(), north.ravel()], axis=-1)
        found = _nearest(masts, cells, 9)[1]
        middle = np.stack(to_metres(geography.centroid_lon, geography.centroid_lat), axis=-1)
        apart = np.hypot(*(middle[:, None, :] - middle[None, :, :]).transpose(2, 0, 1))
        pull = np.exp(-apart / 5_000.0)
        return Landmarks(
            stations=scattered(np.arange(_STATIONS) * wards // _STATIONS, "station"),
            cameras=scattered(spread, "camera"),
            masts=masts,
            reach=np.clip(spacing * 0.8, 200.0, 1_800.0),
            grid=found[:, [0, 8]],
            nearby=np.cumsum(pull / pull.sum(axis=1, keepdims=True), axis=1),
        )

    def masts_near(self, place: Floats) -> Ints:
        """The nearest mast and one well beyond it."""
        side = round(2 * self.EDGE / self.CELL)
        cell = np.clip(((place + self.EDGE) / self.CELL).astype(np.int64), 0, side - 1)
        return self.grid[cell[:, 1] * side + cell[:, 0]]


def far(a: Floats, b: Floats) -> Floats:
    return np.hypot(a[..., 0] - b[..., 0], a[..., 1] - b[..., 1])


def round_about(place: Floats, metres: Floats, turn: Floats) -> Floats:
    """A place that many metres away, in the direction of that share of a full turn."""
    angle = turn * (2 * np.pi)
    return place + np.stack([metres * np.cos(angle), metres * np.sin(angle)], axis=-1)
