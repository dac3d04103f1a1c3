"""Odds ratios as the generated cases show them: one logistic regression over all the published terms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Fitted:
    """Log odds ratios of the terms, their standard errors, and how many cases the rarer side of each has."""

    log_odds: Floats
    errors: Floats
    cases: NDArray[np.int64]


def fit(happened: Floats, terms: Floats, rounds: int = 50) -> Fitted:
    """Maximum likelihood by Newton's method; a term without cases on both sides has an endless error."""
    exposed = terms.sum(axis=0)
    rarer = np.minimum(exposed, len(terms) - exposed)
    tellable = rarer > 0
    log_odds, errors = np.zeros(terms.shape[1]), np.full(terms.shape[1], np.inf)
    outcomes = min(happened.sum(), len(happened) - happened.sum())
    if outcomes > 0 and tellable.any():
        design = np.column_stack([np.ones(len(terms)), terms[:, tellable]])
        weights, covariance = _newton(happened, design, rounds)
        log_odds[tellable] = weights[1:]
        errors[tellable] = np.sqrt(np.maximum(np.diag(covariance), 0.0))[1:]
    return Fitted(log_odds, errors, np.minimum(rarer, outcomes).astype(np.int64))


def _newton(happened: Floats, design: Floats, rounds: int) -> tuple[Floats, Floats]:
    weights = np.zeros(design.shape[1])
    covariance = np.full((design.shape[1], design.shape[1]), np.inf)
    for _ in range(rounds):
        chance = 1.0 / (1.0 + np.exp(-np.clip(design @ weights, -30.0, 30.0)))
        information = (design * (chance * (1.0 - chance))[:, None]).T @ design
        covariance = np.asarray(np.linalg.pinv(information), dtype=np.float64)
        step = covariance @ (design.T @ (happened - chance))
        weights = weights + np.clip(step, -4.0, 4.0)
        if np.abs(step).max() < 1e-9:
            break
    return weights, covariance
