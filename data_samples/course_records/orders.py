"""The life of each protective order, one row a step."""

from __future__ import annotations

import numpy as np
import polars as pl

from data_samples import offences, rates
from data_samples.chance import Columns, Ints, pick
from data_samples.course_records.crimes import Crimes
from data_samples.course_records.world import FIRST_NUMBER, World
from data_samples.records import DAY, NONE, ORDER_STEPS, frame, stack

# In the order of `records.ORDER_KINDS`: name in the investigation, days of making it.
_KINDS = (("protection_order", 180), ("non_molestation", 20), ("restraining", 1), ("prevention_order", 1))
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
        breach: Ints | int = NONE,
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
                "breach": np.broadcast_to(breach, n),
            }
        )


def orders_of(world: World, crimes: Crimes) -> pl.DataFrame:
    """Orders that were made, and some that were thought of and not pursued."""
    rng = world.chance("orders")
    book = _Book(rng, world, crimes)
    in_force = [_made(rng, world, book, kind) for kind in range(len(_KINDS))]
    _breached(world, crimes, book, stack(in_force))
    _not_pursued(rng, world, book)
    _refused(rng, world, book)
    return frame("orders", stack(book.parts))


def _made(rng: np.random.Generator, world: World, book: _Book, kind: int) -> Columns:
    """The steps of the orders of one kind; gives back which orders were in force from when to when."""
    name, lead = _KINDS[kind]
    cases = world.cases
    case = np.flatnonzero(cases.flag(name) & cases.flag("suspect_identified"))
    n = len(case)
    order = book.open(n)
    full = cases.moment(name, case)
    expires = full // DAY + rates.ORDER_DAYS[name]
    began = full - rng.integers(max(lead // 2, 1), lead + 1, n) * DAY
    began = np.minimum(np.maximum(began, cases.created[case] + 3600), full)
    for step, share in _TOWARDS_FULL.items():
        if kind == 0 or step in _OF_EVERY_KIND:
            row = np.flatnonzero(rng.random(n) < 0.6) if step == "interim" else np.arange(n)
            at = (began + share * (full - began)).astype(np.int64)
            book.add(step, kind, order[row], case[row], at[row])
    book.add("full", kind, order, case, full, expires)
    served = full + rng.integers(3600, 5 * DAY, n)
    book.add("served", kind, order, case, served, expires)
    if kind == 0:  # its respondent must tell the police their names and addresses
        row = np.flatnonzero(rng.random(n) < 0.85)
        book.add("notified", kind, order[row], case[row], served[row] + rng.integers(3600, 3 * DAY, len(row)))
    row = np.flatnonzero(rng.random(n) < 0.06)
    at = full[row] + rng.integers(30, 300, len(row)) * DAY
    book.add("varied", kind, order[row], case[row], at, expires[row] + 180)
    book.add("expired", kind, order, case, (expires + 1) * DAY, expires)
    return {
        "order": order,
        "kind": np.full(n, kind),
        "case": case,
        "course": cases.course[case],
        "served": served,
        "expires": expires,
    }


def _breached(world: World, crimes: Crimes, book: _Book, in_force: Columns) -> None:
    """A crime of breach in the same course, while the order was in force, breaches the order last served."""
    codes = offences.numbers("NMOBR", "ROBR", "SPOBR").tolist()
    breaches = crimes.records.filter(pl.col("kind").is_in(codes) & (pl.col("course") >= 0)).select(
        "course", "occurred", "created", "crime"
    )
    met = (
        breaches.sort("occurred")
        .join_asof(
            pl.DataFrame(in_force).sort("served"),
            left_on="occurred",
            right_on="served",
            by="course",
            check_sortedness=False,
        )
        .filter(pl.col("order").is_not_null() & (pl.col("occurred") < pl.col("expires") * DAY))
    )
    column = {name: met[name].to_numpy() for name in met.columns}
    for kind in range(len(_KINDS)):
        row = np.flatnonzero(column["kind"] == kind)
        order, case, expires = (column[name][row].astype(np.int64) for name in ("order", "case", "expires"))
        at, crime = column["occurred"][row], column["crime"][row]
        book.add("breached", kind, order, case, at, expires, breach=crime)


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


def _refused(rng: np.random.Generator, world: World, book: _Book) -> None:
    """Protection orders that were applied for and refused by the court."""
    cases = world.cases
    without = cases.flag("suspect_identified") & ~cases.flag("protection_order")
    case = np.flatnonzero(without & (rng.random(len(cases)) < 0.004))
    order = book.open(len(case))
    at = cases.created[case] + rng.integers(20, 60, len(case)) * DAY
    for step, days in (("considered", 0), ("authorised", 25), ("applied", 45), ("refused", 95)):
        book.add(step, 0, order, case, at + days * DAY)
