"""Places of devices: satellites, cell sectors, vehicles and cameras, and what is true of who met whom."""

from __future__ import annotations

import numpy as np
import polars as pl

from data_samples import chance
from data_samples.chance import Floats, Ints
from data_samples.geography import to_degrees
from data_samples.witness.clocks import (
    DAY,
    count_between,
    hours_table,
    instants,
    time_of_day,
    wall_clock,
)
from data_samples.witness.devices import (
    BROKEN,
    DUPLICATES,
    SLOTS,
    Devices,
    Extract,
    corrupted,
    device_columns,
    gather,
    refs,
)
from data_samples.witness.ground import far, round_about
from data_samples.witness.movements import MEETINGS, VISITS, Legs, Lives, legs_of

CELL_HOLDS_TRUTH = 0.9  # share of cell fixes whose true place lies within the recorded radius
_METHODS = ("gps", "cell", "telematics", "anpr")
_GPS, _CELL, _TELEMATICS, _ANPR = range(4)
_FAULTS = ("duplicate", "midnight", "null_island", "out_at_sea", "faster_than_a_car")
_CARRY_HOURS = hours_table((2, 2, 2, 2, 2, 3, 5, 8, 8, 6, 6, 6, 7, 6, 6, 7, 8, 9, 8, 7, 6, 5, 4, 3))


def _camera_hits(
    lives: Lives, devices: Devices, legs: Legs, rows_wanted: Floats
) -> tuple[Ints, Ints, Floats]:
    """Device, moment and camera where a vehicle's journey passes one."""
    cameras = lives.landmarks.cameras
    device = legs.case * SLOTS + np.where(legs.is_suspect, 3, 4)
    rows = np.flatnonzero(devices.exists[device])
    origin, along = legs.origin[rows], legs.goal[rows] - legs.origin[rows]
    length = np.maximum((along**2).sum(axis=1), 1.0)
    aside = cameras[None, :, :] - origin[:, None, :]
    share = np.clip((aside * along[:, None, :]).sum(axis=2) / length[:, None], 0.0, 1.0)
    gap = np.hypot(*(aside - share[..., None] * along[:, None, :]).transpose(2, 0, 1))
    read = lives.random.random((len(rows), len(cameras))) < 0.85
    leg, camera = np.nonzero((gap < 400.0) & (share > 0.02) & (share < 0.98) & read)
    start, end = legs.start[rows[leg]], legs.end[rows[leg]]
    at = start + (share[leg, camera] * (end - start)).astype(np.int64)
    case = legs.case[rows[leg]]
    passes = np.bincount(case, minlength=len(rows_wanted))
    share = np.minimum(1.0, 0.2 * rows_wanted / np.maximum(passes, 1))  # cameras never fill a thin case
    kept = np.flatnonzero(lives.within(case, at) & (lives.random.random(len(case)) < share[case]))
    return device[rows[leg]][kept], at[kept], cameras[camera[kept]]


def _journey_moments(lives: Lives, devices: Devices, legs: Legs, device: Ints) -> Ints:
    """A moment on the road for each asked-for fix; -1 where its holder never moved."""
    who = legs.case * 2 + ~legs.is_suspect
    spent = np.concatenate([[0.0], np.cumsum(legs.end - legs.start)])
    person = devices.case[device] * 2 + ~devices.is_suspect[device]
    low = spent[np.searchsorted(who, person, side="left")]
    high = spent[np.searchsorted(who, person, side="right")]
    mark = low + lives.random.random(len(device)) * (high - low)
    leg = np.clip(np.searchsorted(spent, mark, side="right") - 1, 0, max(len(legs.start) - 1, 0))
    if not len(legs.start):
        return np.full(len(device), -1, dtype=np.int64)
    return np.where(high > low, legs.start[leg] + (mark - spent[leg]).astype(np.int64), -1)


def _cell_fixes(lives: Lives, place: Floats) -> tuple[Floats, Floats]:
    """The middle of the serving sector and its radius, which holds the truth nine times in ten."""
    random, ground = lives.random, lives.landmarks
    count = len(place)
    holds = random.random(count) < CELL_HOLDS_TRUTH
    mast = ground.masts_near(place)[np.arange(count), np.where(holds, 0, 1)]
    toward = place - ground.masts[mast]
    sector = np.floor(np.arctan2(toward[:, 1], toward[:, 0]) / (2 * np.pi / 3) + mast % 7 / 7)
    angle = (sector + 0.5 - mast % 7 / 7) * (2 * np.pi / 3)
    middle = (
        ground.masts[mast]
        + np.stack([np.cos(angle), np.sin(angle)], axis=1) * (ground.reach[mast] / 2)[:, None]
    )
    apart = far(place, middle)
    spread = random.random(count)
    inside = np.ceil(np.clip(apart * (1.05 + 1.2 * spread), 300.0, 3_000.0) / 10) * 10
    outside = np.clip(np.floor(apart * (0.4 + 0.5 * spread) / 10) * 10, 300.0, 3_000.0)
    return middle, np.where(holds, inside, outside)


def locations(lives: Lives, devices: Devices, rows: Floats, first: int) -> Extract:
    """The extract's rows and what is true of them; references count on from `first`."""
    random, cases = lives.random, lives.cases
    legs = legs_of(lives)
    camera_device, camera_at, camera_place = _camera_hits(lives, devices, legs, rows)
    fresh = rows / (1.0 + DUPLICATES) - np.bincount(devices.case[camera_device], minlength=len(rows))
    weight = devices.examined * np.array([1.0, 1.0, 0.4, 0.25, 0.25])[devices.slot]
    weight = np.where(devices.cell_share == 1.0, weight * 0.4, weight)
    weight = np.where(devices.slot >= 3, weight * devices.telematics, weight)
    shares = weight / np.bincount(devices.case, weight, len(rows))[devices.case]
    wanted = shares * np.maximum(fresh, 0.0)[devices.case] / devices.coverage
    count = np.floor(wanted + random.random(len(wanted))).astype(np.int64)
    device = np.repeat(np.arange(len(count)), count)
    case = devices.case[device]
    day = lives.first_day[case] + (random.random(len(device), dtype=np.float32) * lives.days[case]).astype(
        np.int64
    )
    at = day * DAY + time_of_day(random, _CARRY_HOURS, len(device))
    at = lives.wrapped(case, at)
    vehicle = np.flatnonzero(devices.slot[device] >= 3)
    at[vehicle] = _journey_moments(lives, devices, legs, device[vehicle])
    awake = np.flatnonzero((devices.slot[device] < 3) & (random.random(len(device), dtype=np.float32) < 0.2))
    moved = _journey_moments(lives, devices, legs, device[awake])
    settling = np.maximum(random.integers(-2_700, 2_700, len(awake)), 0)  # busier on and after a journey
    at[awake] = np.where(moved >= 0, moved + settling, at[awake])
    kept = np.flatnonzero(lives.within(case, at) & (devices.gaps.at(device, at) < 0))
    device, at, case = device[kept], at[kept], case[kept]

    method = np.where(random.random(len(device), dtype=np.float32) < devices.cell_share[device], _CELL, _GPS)
    method[devices.slot[device] >= 3] = _TELEMATICS
    place = lives.positions(devices.is_suspect[device], case, at)
    radius = np.round(5.0 + 25.0 * random.random(len(device)) ** 2)
    seen = place + random.standard_normal((len(device), 2), dtype=np.float32) * (radius / 2)[:, None]
    cell = np.flatnonzero(method == _CELL)
    seen[cell], radius[cell] = _cell_fixes(lives, place[cell])

    device = np.concatenate([device, camera_device])
    at = np.concatenate([at, camera_at])
    seen = np.concatenate([seen, camera_place])
    radius = np.concatenate([radius, np.full(len(camera_at), 10.0)])
    method = np.concatenate([method, np.full(len(camera_at), _ANPR)])
    precise = np.flatnonzero(radius <= 30.0)
    colocations = _colocation_truth(lives, devices, device[precise], at[precise])

    count = len(device)
    own_clock = (method == _GPS) | (method == _TELEMATICS)
    shown = at + np.where(own_clock, devices.clock_error(device, at), 0)
    again = np.flatnonzero(random.random(count, dtype=np.float32) < DUPLICATES)
    source = np.concatenate([np.arange(count), again])
    fault = np.zeros(len(source), dtype=np.int64)
    fault[count:] = 1
    broken = np.flatnonzero((random.random(count, dtype=np.float32) < BROKEN) & own_clock)
    fault[broken] = 2 + chance.pick([0.3, 0.25, 0.2, 0.25], random.random(len(broken)))
    order = np.argsort((device[source] << 33) + shown[source], kind="stable")
    source, fault = source[order], fault[order]
    device, shown, seen = device[source], wall_clock(shown[source]), seen[source]
    shown = np.where(fault == 2, shown // DAY * DAY, shown)
    sea = np.flatnonzero(fault == 4)
    seen[sea] = round_about(
        seen[sea] * 0.0, 45_000.0 + 40_000.0 * random.random(len(sea)), random.random(len(sea))
    )
    leap = np.flatnonzero(fault == 5)
    seen[leap] = round_about(
        seen[leap] * 0.5, 18_000.0 + 4_000.0 * random.random(len(leap)), random.random(len(leap))
    )
    lon, lat = to_degrees(seen[:, 0], seen[:, 1])
    nowhere = fault == 3
    frame = pl.DataFrame({
        "fix_ref": refs("FX", first, len(source)),
        **device_columns(devices, device),
        "method": gather(_METHODS, method[source]),
        "fixed_at": instants("fixed_at", shown),
        "longitude": np.where(nowhere, 0.0, np.round(lon, 6)),
        "latitude": np.where(nowhere, 0.0, np.round(lat, 6)),
        "radius_metres": radius[source],
        "created_at": instants("created_at", cases.extracted_at[devices.case[device]]),
    })  # fmt: skip
    return frame, {
        "colocations": colocations,
        "corrupted": corrupted(frame["fix_ref"], "locations", fault, _FAULTS),
    }


def _colocation_truth(lives: Lives, devices: Devices, device: Ints, at: Ints) -> pl.DataFrame:
    """Planted visits and innocent meetings, with how many precise fixes of each side fall inside."""
    visits = lives.visits
    middle = (visits.start + visits.end) // 2
    place = (
        visits.target(np.arange(len(middle)), middle) - visits.offset
    )  # where the victim was, or is awaited
    innocent = lives.meetings
    case = np.concatenate([visits.case, innocent.spans.owner])
    started = np.concatenate([visits.start, innocent.spans.start])
    ended = np.concatenate([visits.end, innocent.spans.end])
    lon, lat = to_degrees(*np.concatenate([place, innocent.place]).T)
    fixes: list[Ints] = []
    for is_suspect in (True, False):
        theirs = devices.is_suspect[device] == is_suspect
        moments = np.sort((devices.case[device[theirs]] << 33) + at[theirs])
        fixes.append(count_between(moments, case, started, ended))
    names = np.concatenate([visits.kind, innocent.kind + len(VISITS)])
    words = ("waiting", "waiting", "waiting", *VISITS[3:], *MEETINGS)
    wheres = ("home", "work", "errand", "journey", "home", "work", "work", "station", "home", "home")
    return pl.DataFrame({
        "case_ref": lives.cases.refs.gather(pl.Series(case)),
        "course_key": lives.key[case],
        "started_at": instants("started_at", wall_clock(started)),
        "ended_at": instants("ended_at", wall_clock(ended)),
        "longitude": np.round(lon, 6),
        "latitude": np.round(lat, 6),
        "metres": np.round(np.concatenate([visits.metres, innocent.metres]), 1),
        "kind": gather(words, names).cast(pl.String),
        "place": gather(wheres, names).cast(pl.String),
        "is_innocent": names >= len(VISITS),
        "suspect_fixes": fixes[0],
        "victim_fixes": fixes[1],
    }).sort("case_ref", "started_at", "kind")  # fmt: skip
