"""The dated notes of each investigation."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from data_samples.chance import Columns, Flags, Floats, Ints
from data_samples.conduct import BIT
from data_samples.course_records.crimes import Crimes
from data_samples.course_records.said import THEME, unless_unknown
from data_samples.course_records.world import FIRST_NUMBER, World
from data_samples.records import DAY, NOTE_KINDS, frame, stack

_REASONS = np.array(
    [BIT[f"withdrawal_{reason}"] for reason in ("no_prosecution", "fear", "stopped", "other")]
)


def notes_of(world: World, crimes: Crimes) -> pl.DataFrame:
    """The notes of every case; where nobody is named, none tells how the two stand to each other."""
    rng = world.chance("notes")
    cases, unknown = world.cases, world.reports.unknown[world.cases.report]
    parts: list[Columns] = []
    for kind, row, after, facts in _notes(rng, world):
        at = cases.created[row] + (np.minimum(after, 4000) * DAY).astype(np.int64) + 1800
        parts.append(
            {
                "crime": crimes.of_case[row],
                "at": at,
                "created": at + rng.integers(60, 36_000, len(row)),
                "note_kind": np.full(len(row), NOTE_KINDS.index(kind)),
                "facts": unless_unknown(facts, unknown[row]),
                "victim": cases.victim_key[row],
                "suspect": cases.suspect[row],
            }
        )
    notes = stack(parts)
    n = len(notes["crime"])
    numbered = {"note": FIRST_NUMBER + np.arange(n), "theme": np.full(n, THEME["stalking"])}
    return frame("notes", notes | numbered)


def _notes(rng: np.random.Generator, world: World) -> Iterator[tuple[str, Ints, Floats, Ints]]:
    """Kind by kind: the cases that have such a note, after how many days, and what it tells."""
    cases = world.cases
    n, told = len(cases), cases.columns["facts"]
    circumstances = world.said.circumstances[cases.report]
    evidence = cases.flag("technology_evidence")
    initial = (told & (BIT["fear"] | BIT["distress"])) | circumstances
    initial |= _where("technology_evidence", evidence)
    initial |= _where("victim_doubted", cases.flag("officer_doubts"))
    yield "initial", np.arange(n), rng.exponential(0.2, n), initial
    row = np.flatnonzero(rng.random(n) < 0.6)
    after = rng.exponential(12, len(row)) + 0.5
    some = circumstances[row] & rng.integers(0, 1 << 52, len(row))
    yield "victim_update", row, after, (told[row] & BIT["escalation_victim"]) | some
    row = np.flatnonzero(cases.flag("withdrew"))
    reason = _REASONS[np.maximum(cases.columns["withdraw_reason"][row], 0)]
    yield "withdrawal", row, cases.days("withdraw")[row], BIT["withdrawal"] | reason
    row = np.flatnonzero(cases.flag("interviewed"))
    account = _where("denial", cases.flag("denied")[row])
    account |= _where("counter_allegation", cases.flag("counter_allegation")[row])
    yield "interview", row, cases.days("interview")[row], account
    row = np.flatnonzero(rng.random(n) < 0.45)
    after = rng.exponential(25, len(row)) + 1
    found = evidence[row] & (rng.random(len(row)) < 0.6)
    yield "enquiry", row, after, _where("technology_evidence", found)
    row = np.flatnonzero(cases.flag("police_nfa"))
    yield "closing", row, cases.days("nfa")[row], np.zeros(len(row), dtype=np.int64)


def _where(code: str, flag: Flags) -> Ints:
    return np.where(flag, BIT[code], 0)
