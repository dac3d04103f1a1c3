"""The digital witness of investigated dyads: what their phones and vehicles say, and how that lies.

Every case is lived through first (two people, their days, the contacts between them, the planted visits) and
only then recorded by devices with wrong clocks, cell sectors, gaps, duplicates and a few broken rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from data_samples.geography import Geography
from data_samples.witness.cases import Cases
from data_samples.witness.clocks import DAY
from data_samples.witness.contacts import communications
from data_samples.witness.devices import Devices
from data_samples.witness.fixes import locations
from data_samples.witness.ground import Landmarks
from data_samples.witness.movements import Lives

__all__ = ["Cases", "WitnessChunk", "witness_chunks"]

CHUNK_ROWS = 450_000


@dataclass(frozen=True)
class WitnessChunk:
    """Whole cases: their two extracts and what is true of them."""

    communications: pl.DataFrame
    locations: pl.DataFrame
    truth: dict[str, pl.DataFrame]


def witness_chunks(
    cases: Cases,
    geography: Geography,
    seed: int,
    communications_rows: int,
    locations_rows: int,
    first: int = 1,
) -> Iterator[WitnessChunk]:
    """Cases in order, a few at a time; rows shared by length and intensity, counted from `first`."""
    if not len(cases):
        return
    days = (cases.end - cases.start) / DAY
    talk = days * (70.0 + 2.0 * np.minimum(cases.intensity, 60.0))
    calls = talk / talk.sum() * communications_rows
    fixes = days / days.sum() * locations_rows
    part = (np.cumsum(calls + fixes) / CHUNK_ROWS).astype(np.int64)
    first_call = first_fix = first
    landmarks = Landmarks.of(geography)
    for number in np.unique(part):
        rows = np.flatnonzero(part == number)
        lives = Lives(cases.take(rows), geography, landmarks, seed)
        devices = Devices(lives.cases, seed, lives.random)
        spoken, spoken_truth = communications(lives, devices, calls[rows], first_call)
        seen, seen_truth = locations(lives, devices, fixes[rows], first_fix)
        first_call += spoken.height
        first_fix += seen.height
        corrupted = pl.concat([spoken_truth.pop("corrupted"), seen_truth.pop("corrupted")])
        truth = {**spoken_truth, **seen_truth, **devices.truth(), "corrupted": corrupted}
        yield WitnessChunk(spoken, seen, truth)
