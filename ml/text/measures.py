"""How right a coding is, against texts whose codes are known: code by code, with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

ALL: Final = "all together"
RESAMPLED: Final = 1_000
SEED: Final = 376
TRAPS: Final = ("negated", "hypothetical", "historical", "another's")

Bools: TypeAlias = NDArray[np.bool_]
Annotation: TypeAlias = Mapping[str, str]


def right_codes(
    annotations: Sequence[Annotation], by: Mapping[str, str], implied: Mapping[str, str]
) -> set[str]:
    """What a text truly tells: affirmed, and by whom the code is about, or by somebody unknown."""
    told = {
        one["code"]
        for one in annotations
        if one["polarity"] == "affirmed" and is_right_actor(by.get(one["code"], "anyone"), one["actor"])
    }
    return told | {implied[code] for code in told if code in implied}


def is_right_actor(by: str, actor: str) -> bool:
    """Whether it is the doer or the person whom the code is about."""
    return by == "anyone" or actor == "unknown" or actor == by or (by == "victim" and actor == "officer")


def agreement(true: Bools, coded: Bools, codes: Sequence[str], together: Sequence[str]) -> pl.DataFrame:
    """Precision, recall and F1 of each code, and of some together, with the middle 95% of resampled texts."""
    draw = np.random.default_rng(SEED)
    chosen = draw.integers(0, len(true), size=(RESAMPLED, len(true)))
    rows = [_measured(code, true[:, [n]], coded[:, [n]], chosen) for n, code in enumerate(codes)]
    among = [codes.index(code) for code in together]
    return pl.DataFrame([*rows, _measured(ALL, true[:, among], coded[:, among], chosen)])


def _measured(code: str, true: Bools, coded: Bools, chosen: NDArray[np.int64]) -> dict[str, Any]:
    hit, wrong, missed = true & coded, ~true & coded, true & ~coded
    counts = np.stack([part.sum(axis=1) for part in (hit, wrong, missed)], axis=1)
    whole, resampled = counts.sum(axis=0), counts[chosen].sum(axis=1)
    of_each = f1(resampled[:, 0], resampled[:, 1], resampled[:, 2])
    low, high = np.quantile(of_each, [0.025, 0.975])
    right, false, lost = (int(count) for count in whole)
    return {
        "code": code, "true": right + lost, "coded": right + false,
        "precision": right / max(1, right + false), "recall": right / max(1, right + lost),
        "f1": float(f1(whole[0], whole[1], whole[2])), "f1_low": float(low), "f1_high": float(high),
    }  # fmt: skip


def f1(right: Any, wrong: Any, missed: Any) -> Any:
    """The harmonic mean of precision and recall."""
    return 2 * right / np.maximum(1, 2 * right + wrong + missed)


def trap_errors(
    texts: Sequence[Sequence[Annotation]],
    true: Bools,
    coded: Bools,
    codes: Sequence[str],
    by: Mapping[str, str],
) -> pl.DataFrame:
    """Of all decisions, a text and a code it mentions or is given, how many fell into which kind of trap."""
    number = {code: n for n, code in enumerate(codes)}
    mentioned = np.zeros_like(true)
    kinds: dict[str, set[tuple[int, int]]] = {trap: set() for trap in TRAPS}
    for row, told in enumerate(texts):
        for one in told:
            if (column := number.get(one["code"])) is None:
                continue
            mentioned[row, column] = True
            if not true[row, column]:
                kinds[one["polarity"] if one["polarity"] in TRAPS else "another's"].add((row, column))
    decisions = int((mentioned | true | coded).sum())
    fell = {trap: sum(bool(coded[place]) for place in places) for trap, places in kinds.items()}
    return pl.DataFrame(
        [{"trap": trap, "set": len(kinds[trap]), "fell": fell[trap], "share": fell[trap] / max(1, decisions)}
         for trap in TRAPS]
    )  # fmt: skip
