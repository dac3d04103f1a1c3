"""Phones and vehicles: whose they are, what was taken from them, their clocks, and when they were off."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from data_samples import chance
from data_samples.chance import Floats, Ints
from data_samples.witness.cases import Cases
from data_samples.witness.clocks import DAY, Spans, instants, wall_clock

SLOTS = 5  # suspect's phone, victim's phone, suspect's second phone, suspect's vehicle, victim's vehicle
CONTACTS = 40  # other people in each phone
FORMATS = 6  # ways to write one number
Extract = tuple[pl.DataFrame, dict[str, pl.DataFrame]]  # the rows and, by name, what is true of them

DUPLICATES, BROKEN = 0.015, 0.002  # shares of rows
_SUFFIXES = ("S1", "V1", "S2", "SV", "VV")
_SUSPECT_SLOT = np.array([True, False, True, True, False])


class Devices:
    """Five slots for each case, most of them filled; a device is case * 5 + slot."""

    def __init__(self, cases: Cases, seed: int, random: np.random.Generator) -> None:
        self.cases, self.seed = cases, seed
        count = len(cases)
        self.case = np.repeat(np.arange(count), SLOTS)
        self.slot = np.tile(np.arange(SLOTS), count)
        self.is_suspect = _SUSPECT_SLOT[self.slot]

        def each(stream: str) -> Floats:
            return chance.uniform(seed, f"witness:device {stream}", cases.course_key[self.case], self.slot)

        self.exists = each("exists") < np.array([1.0, 1.0, 0.25, 0.5, 0.22])[self.slot]
        examined = self.exists & (each("examined") < np.array([0.85, 0.93, 0.6, 1.0, 1.0])[self.slot])
        neither = ~examined[0::SLOTS] & ~examined[1::SLOTS]
        examined[1::SLOTS] |= neither
        self.examined = examined
        self.has_calls = examined & (self.slot < 3)
        self.is_operator = each("operator") < np.array([0.4, 0.15, 0.6, 0.0, 0.0])[self.slot]
        self.app_export = each("app") < 0.5
        self.cell_share = np.where(
            self.is_operator & (each("cell") < 0.75), 1.0, 0.05 + 0.25 * each("cell share")
        )
        self.telematics = each("telematics") < 0.5
        skew = np.round(chance.normal(seed, "witness:skew", cases.course_key[self.case], self.slot) * 110.0)
        skew = np.where(each("skewed") < 0.45, 0.0, np.clip(skew, -420.0, 420.0))
        skew = np.where(each("summer") < 0.02, 3600.0, skew)  # a clock nobody put back
        self.skew = skew.astype(np.int64)
        drift = np.round(0.3 + 2.5 * each("drift"), 2) * np.where(each("drift sign") < 0.5, -1, 1)
        self.drift = np.where(each("drifts") < 0.1, drift, 0.0)
        self.format = (each("format") * FORMATS).astype(np.int64)
        self.format = np.where(self.is_operator, 4 + self.format % 2, self.format)
        self.knows_own = each("own number") < 0.93
        known = each("attributed") < np.array([0.98, 0.99, 0.4, 0.97, 0.99])[self.slot]
        wrong = each("wrongly") < 0.01
        role = np.where(self.is_suspect ^ wrong, "suspect", "victim")
        basis = np.array(["found on the person", "handed in", "message content", "registered keeper"])
        other = np.array(["subscriber record", "handset content", "cell pattern", "insurance record"])
        which = np.array([0, 1, 2, 3, 3])[self.slot]
        told = np.where(each("basis") < 0.6, basis[which], other[which])
        self.attributed = pl.Series(np.where(known, role, "")).replace("", None)
        self.basis = pl.Series(np.where(known, told, "")).replace("", None)
        refs = pl.DataFrame({
            "case": cases.refs.gather(pl.Series(self.case)),
            "suffix": pl.Series(_SUFFIXES).gather(pl.Series(self.slot)),
        })  # fmt: skip
        self.ref = refs.select(pl.format("{}-{}", "case", "suffix")).to_series()
        self.person = np.where(self.is_suspect, cases.suspect_key[self.case], cases.victim_key[self.case])
        length = cases.end - cases.start
        off = random.poisson(length[self.case] / DAY / 22.0) * (self.slot < 3) * examined
        device = np.repeat(np.arange(len(off)), off)
        start = cases.start[self.case[device]] + (
            random.random(len(device)) * length[self.case[device]]
        ).astype(np.int64)
        hours = np.clip(np.exp(random.normal(np.log(5.0), 1.0, len(device))), 0.5, 72.0)
        over = np.minimum(start + (hours * 3600).astype(np.int64), cases.end[self.case[device]])
        self.gaps = Spans.of(device, start, over)
        self.coverage = 1.0 - self.gaps.total(len(self.case)) / length[self.case]

    def clock_error(self, device: Ints, at: Ints) -> Ints:
        """Seconds by which the device's own clock is ahead."""
        age = (at - self.cases.start[self.case[device]]) / DAY
        return self.skew[device] + np.round(self.drift[device] * age).astype(np.int64)

    @cached_property
    def numbers(self) -> pl.DataFrame:
        """Numbers by device and person in it (itself first), a column for each way to write them."""
        owner = np.repeat(np.arange(len(self.case)), CONTACTS + 1)
        entry = np.tile(np.arange(CONTACTS + 1), len(self.case))
        key = self.cases.course_key[self.case[owner]]
        drawn = chance.uniform(self.seed, "witness:number", key, self.slot[owner], entry)
        own = np.flatnonzero((entry == 0) & (self.slot[owner] < 2))
        place = np.zeros(len(owner), dtype=np.int64)
        place[own] = self.case[owner[own]] + self.slot[owner[own]] * len(self.cases)
        is_own = np.zeros(len(owner), dtype=np.bool_)
        is_own[own] = True
        digits = pl.Series((drawn * 1e9).astype(np.int64)).cast(pl.String).str.zfill(9)
        national = pl.DataFrame({
            "given": self.cases.phones.gather(pl.Series(place)), "digits": digits, "is_own": pl.Series(is_own)
        }).select(n=pl.when("is_own").then("given").otherwise(pl.lit("06") + pl.col("digits")))  # fmt: skip
        n = pl.col("n")
        return national.select(
            "n",
            (pl.lit("+44") + n.str.slice(1)).alias("plus"),
            (n.str.slice(0, 5) + " " + n.str.slice(5)).alias("spaced"),
            (pl.lit("+44 ") + n.str.slice(1, 4) + " " + n.str.slice(5)).alias("plus_spaced"),
            (pl.lit("44") + n.str.slice(1)).alias("operator"),
            (pl.lit("0044") + n.str.slice(1)).alias("operator_long"),
        )

    def truth(self) -> dict[str, pl.DataFrame]:
        """Clocks, gaps and holders of the devices that were examined."""
        shown = np.flatnonzero(self.examined)
        case_ref = self.cases.refs
        clocks = pl.DataFrame({
            "case_ref": case_ref.gather(pl.Series(self.case[shown])),
            "device_ref": self.ref.gather(pl.Series(shown)),
            "skew_seconds": self.skew[shown],
            "drift_seconds_per_day": self.drift[shown],
            "drift_from": instants("drift_from", self.cases.start[self.case[shown]]),
        })  # fmt: skip
        gaps = pl.DataFrame({
            "case_ref": case_ref.gather(pl.Series(self.case[self.gaps.owner])),
            "device_ref": self.ref.gather(pl.Series(self.gaps.owner)),
            "started_at": instants("started_at", wall_clock(self.gaps.start)),
            "ended_at": instants("ended_at", wall_clock(self.gaps.end)),
        })  # fmt: skip
        phone = self.numbers["n"].gather(pl.Series(shown * (CONTACTS + 1)))
        attribution = clocks.select("case_ref", "device_ref").with_columns(
            person_key=pl.Series(self.person[shown]),
            phone=pl.when(pl.Series(self.slot[shown] < 3)).then(phone),
        )
        return {"device_clocks": clocks, "device_gaps": gaps, "attribution": attribution}


def refs(prefix: str, first: int, count: int) -> pl.Series:
    numbers = pl.int_range(first, first + count, eager=True)
    return numbers.to_frame("n").select(pl.lit(prefix) + pl.col("n").cast(pl.String).str.zfill(9)).to_series()


def gather(words: ArrayLike, index: Ints) -> pl.Series:
    return pl.Series(np.asarray(words)).gather(pl.Series(index))


def device_columns(devices: Devices, device: Ints) -> dict[str, pl.Series]:
    """What every row of an extract says of its device."""
    index = pl.Series(device)
    return {
        "case_ref": devices.cases.refs.gather(pl.Series(devices.case[device])),
        "device_ref": devices.ref.gather(index),
        "attributed_to": devices.attributed.gather(index),
        "attribution_basis": devices.basis.gather(index),
    }


def corrupted(refs: pl.Series, source: str, fault: Ints, names: tuple[str, ...]) -> pl.DataFrame:
    rows = np.flatnonzero(fault)
    return pl.DataFrame({
        "record_ref": refs.gather(pl.Series(rows)),
        "source": pl.repeat(source, len(rows), eager=True),
        "kind": gather(names, fault[rows] - 1).cast(pl.String),
    })  # fmt: skip
