"""The offence list: what may be recorded, and how much harm a first offender's sentence says it does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

_LIST = pl.read_csv(Path(__file__).parent / "lists" / "offences.csv")

CODES: list[str] = _LIST["code"].to_list()
FAMILIES: list[str] = _LIST["family"].to_list()
HARM_DAYS = _LIST["harm_days"].to_numpy().astype(np.int64)
BACKGROUND_SHARES = _LIST["background_share"].to_numpy().astype(np.float64)
NUMBER: dict[str, int] = {code: number for number, code in enumerate(CODES)}


def numbers(*codes: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array([NUMBER[code] for code in codes], dtype=np.int64)


def of_family(*families: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array([number for number, family in enumerate(FAMILIES) if family in families], dtype=np.int64)


STALKING = of_family("stalking")
CONDUCT = of_family("stalking", "harassment")
SEVERE = of_family("severe")
VIOLENT = of_family("violence", "severe", "sexual")
VICTIMLESS = numbers("SHOP", "DRUGP", "DRUGS", "WEAP")
