"""The life of each protective order, one row a step."""

from __future__ import annotations

import numpy as np
import polars as pl

from data_samples.chance import Columns, Ints, pick
from data_samples.course_records.crimes import Crimes
from data_samples.course_records.world import FIRST_NUMBER, World
from data_samples.records import DAY, NONE, ORDER_STEPS, frame, stack

# In the order of `records.ORDER_KINDS`: name in the investigation, days of making it, days in force.
_KINDS = (
    ("protection_order", 180, 1095),
    ("non_molestation", 20, 365),
    ("restraining", 1, 730),
    ("prevention_order", 1, 28),
)
_TOWARDS_FULL = {"considered": 0.0, "advice_sought": 0.15, "authorised": 0.4, "applied": 0.55, "interim": 0.8}
_OF_EVERY_KIND = ("considered", "applied")  # the others are steps of a stalking protection order alone


class _Book:
    """Collects the steps of orders and numbers the orders."""

    def __init__(self, rng: np.random.Generator, world: World, crimes: Crimes) -> None:
        self._rng, self._cases, self._crime = rng, world.cases, crimes.of_case
        self._next = FIRST_NUMBER
        self.parts: list[Columns] = []

    def open(self, count: int) -> Ints:
        numbers = self._next + np.arange(count)
        self._next += count
        return numbers

    def add(
        self,
        step: str,
        kind: int,
        order: Ints,
        case: Ints,
        at: Ints,
        expires_day: Ints | int = NONE,
        reason: Ints | int = NONE,
    ) -> None:
        n = len(order)
        self.parts.append(
            {
                "order": order,
                "order_kind": np.full(n, kind),
                "step": np.full(n, ORDER_STEPS.index(step)),
                "at": at,
                "created": at + self._rng.integers(3600, 6 * DAY, n),
                "crime": self._crime[case],
                "respondent": self._cases.offender_key[case],
                "protected": self._cases.victim_key[case],
                "reason": np.broadcast_to(reason, n),
                "expires_day": np.broadcast_to(expires_day, n),
            }
        )


def orders_of(world: World, crimes: Crimes) -> pl.DataFrame:
    """Orders that were made, and some that were thought of and not pursued."""
    rng = world.chance("orders")
    book = _Book(rng, world, crimes)
    for kind in range(len(_KINDS)):
        _made(rng, world, book, kind)
    _not_pursued(rng, world, book)
    return frame("orders", stack(book.parts))


def _made(rng: np.random.Generator, world: World, book: _Book, kind: int) -> None:
    """All steps of the orders of one kind."""
    name, lead, lasts = _KINDS[kind]
    cases = world.cases
    case = np.flatnonzero(cases.flag(name) & cases.flag("suspect_identified"))
    n = len(case)
    order = book.open(n)
    full = cases.moment(name, case)
    expires = full // DAY + lasts
    began = full - rng.integers(max(lead // 2, 1), lead + 1, n) * DAY
    began = np.maximum(began, cases.created[case] + 3600)
    for step, share in _TOWARDS_FULL.items():
        if kind == 0 or step in _OF_EVERY_KIND:
            row = np.flatnonzero(rng.random(n) < 0.6) if step == "interim" else np.arange(n)
            at = (began + share * (full - began)).astype(np.int64)
            book.add(step, kind, order[row], case[row], at[row])
    book.add("full", kind, order, case, full, expires)
    book.add("served", kind, order, case, full + rng.integers(3600, 5 * DAY, n), expires)
    row = np.flatnonzero(rng.random(n) < 0.06)
    at = full[row] + rng.integers(30, 300, len(row)) * DAY
    book.add("varied", kind, order[row], case[row], at, expires[row] + 180)
    row = np.flatnonzero(rng.random(n) < 0.24)
    at = full[row] + rng.integers(2, lasts, len(row)) * DAY
    book.add("breached", kind, order[row], case[row], at, expires[row])
    book.add("expired", kind, order, case, (expires + 1) * DAY, expires)


def _not_pursued(rng: np.random.Generator, world: World, book: _Book) -> None:
    """Protection orders that were considered, perhaps advised on, and dropped."""
    cases = world.cases
    without = cases.flag("suspect_identified") & ~cases.flag("protection_order")
    case = np.flatnonzero(without & (rng.random(len(cases)) < 0.035))
    n = len(case)
    order = book.open(n)
    thought = cases.created[case] + rng.integers(2, 40, n) * DAY
    book.add("considered", 0, order, case, thought)
    row = np.flatnonzero(rng.random(n) < 0.6)
    asked = thought[row] + rng.integers(2, 30, len(row)) * DAY
    book.add("advice_sought", 0, order[row], case[row], asked)
    dropped = thought + rng.integers(31, 90, n) * DAY
    reason = pick((0.4, 0.3, 0.15, 0.15), rng.random(n))
    book.add("not_pursued", 0, order, case, dropped, reason=reason)
