"""Counter-based chance: the same key always draws the same number, in any order and any process.

Nothing here keeps state, so that a person needs no table to have the same name in every chunk.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Words = NDArray[np.uint64]
Flags = NDArray[np.bool_]
Columns = dict[str, NDArray[Any]]
"""Records as columns of one length; what each holds is told by its name."""

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)


@cache
def _stream(seed: int, name: str) -> int:
    return int.from_bytes(hashlib.blake2b(f"{seed}:{name}".encode(), digest_size=8).digest(), "little")


def _mix(word: Words) -> Words:
    """One splitmix64 step; overflow is the point."""
    word = word + _GOLDEN
    word = (word ^ (word >> np.uint64(30))) * _MIX_1
    word = (word ^ (word >> np.uint64(27))) * _MIX_2
    return word ^ (word >> np.uint64(31))


def words(seed: int, stream: str, *keys: ArrayLike) -> Words:
    """64 random bits for each row of the (broadcast) integer keys."""
    with np.errstate(over="ignore"):
        state = np.asarray(_stream(seed, stream), dtype=np.uint64)
        for key in keys:
            state = _mix(state ^ np.asarray(key, dtype=np.int64).view(np.uint64))
        return _mix(state)


def uniform(seed: int, stream: str, *keys: ArrayLike) -> Floats:
    """A number in the open interval (0, 1) for each row of keys."""
    return ((words(seed, stream, *keys) >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53


def normal(seed: int, stream: str, *keys: ArrayLike) -> Floats:
    return np.asarray(ndtri(uniform(seed, stream, *keys)), dtype=np.float64)


def happens(chance: ArrayLike, seed: int, stream: str, *keys: ArrayLike) -> NDArray[np.bool_]:
    return uniform(seed, stream, *keys) < np.asarray(chance)


def pick(weights: ArrayLike, drawn: ArrayLike) -> Ints:
    """The index each uniform number falls on when the unit interval is cut by these weights."""
    edges = np.cumsum(np.asarray(weights, dtype=np.float64))
    return np.minimum(np.searchsorted(edges / edges[-1], drawn, side="right"), len(edges) - 1).astype(
        np.int64
    )


def generator(seed: int, stream: str, *keys: int) -> np.random.Generator:
    """A bulk generator of its own for one chunk of work."""
    return np.random.Generator(np.random.PCG64([_stream(seed, stream), *[k & (2**63 - 1) for k in keys]]))


def delays(rng: np.random.Generator, n: int, quick: float, slow: float) -> Floats:
    """Days until something is put into a system: mostly soon, sometimes long after."""
    return np.where(rng.random(n) < 0.8, rng.exponential(quick, n), rng.exponential(slow, n))
