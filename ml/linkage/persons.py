"""Persons from links, in order of time: stable ids, every merge and split told, and no look ahead."""

from __future__ import annotations

import gc
from array import array
from collections import defaultdict
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
import polars.selectors as cs
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

SAME: Final = "same"
DIFFERENT: Final = "different"
MOMENT: Final = pl.Datetime("us")
STANDS: Final = -(2**63)  # an end that has not come
CHANGES: Final = ("merge", "split")
_APART, _LINK, _NUMBER, _DECISION = range(4)  # the order of what becomes known at one moment

NOMINALS: Final = pl.Schema({"nominal_id": pl.String, "known_from_at": MOMENT})
PAIRS: Final = {"nominal_id": pl.String, "other_nominal_id": pl.String}
LINKS: Final = pl.Schema({**PAIRS, "known_from_at": MOMENT, "match_weight": pl.Float64})
DECISIONS: Final = pl.Schema({**PAIRS, "known_from_at": MOMENT, "verdict": pl.String})
APART: Final = pl.Schema({**PAIRS, "known_from_at": MOMENT})
NUMBERS: Final = pl.Schema(
    {"nominal_id": pl.String, "known_from_at": MOMENT, "number": pl.String, "is_number_only": pl.Boolean}
)


@dataclass(frozen=True)
class Persons:
    """Who was who and when, what changed, and who was found by a telephone number alone."""

    memberships: pl.DataFrame
    changes: pl.DataFrame
    by_number: pl.DataFrame


def person_id_of(nominal_id: str) -> str:
    """The id of the person of whom this was the first nominal; it tells nothing."""
    return "PN" + blake2b(nominal_id.encode(), digest_size=8).hexdigest()


def rules() -> str:
    """Changes with whatever changes how persons come of links."""
    return blake2b(Path(__file__).read_bytes(), digest_size=8).hexdigest()


class _Resolver:
    """Groups of nominals, known by their oldest, that grow by links and come apart by decisions alone.

    Nominals are numbers in the order in which they became known, so the older of two is the smaller.
    """

    def __init__(self, first_known: list[int]) -> None:
        self.group_of = list(range(len(first_known)))
        self.members: dict[int, list[int]] = {}  # of groups of more than one
        self.since = first_known.copy()
        self.apart: dict[int, set[int]] = {}
        # groups, and some that are no more, of which anybody is kept apart from anybody
        self.wary: set[int] = set()
        self.memberships: tuple[array[int], ...] = tuple(array("q") for _ in range(4))
        self.changes: tuple[array[int], ...] = tuple(array("q") for _ in range(6))

    def merge(self, one: int, other: int, at: int) -> None:
        """Make one group of two, unless a person has said that somebody in it is somebody else."""
        keeps, goes = self.group_of[one], self.group_of[other]
        if keeps > goes:
            keeps, goes = goes, keeps
        if keeps == goes:
            return
        if goes in self.wary:
            if keeps in self.wary and self._is_forbidden(keeps, goes):
                return
            self.wary.add(keeps)
        moved = self.members.pop(goes, [goes])
        self.members.setdefault(keeps, [keeps]).extend(moved)
        if self._move(moved, keeps, at):
            self._tell(at, goes, keeps, 0, one, other)

    def is_alone(self, nominal: int) -> bool:
        """Nobody has been found to be the same person."""
        return len(self.members.get(self.group_of[nominal], ())) < 2

    def _move(self, nominals: Iterable[int], to: int, at: int) -> bool:
        """Close what they were and say what they are from now on; whether anybody was anything before."""
        had_been = False
        for nominal in nominals:
            if self.since[nominal] < at:
                row = (nominal, self.group_of[nominal], self.since[nominal], at)
                for column, value in zip(self.memberships, row, strict=True):
                    column.append(value)
                self.since[nominal] = at
                had_been = True
            self.group_of[nominal] = to
        return had_been

    def _is_forbidden(self, one: int, other: int) -> bool:
        pair = ((one, other), (other, one))
        few, many = min(pair, key=lambda groups: len(self.members.get(groups[0], ())))
        members = self.members.get(few, [few])
        return any(self.group_of[someone] == many for one in members for someone in self.apart.get(one, ()))

    def keep_apart(self, one: int, other: int) -> None:
        """From now on nothing joins these two; what has joined them already stands."""
        self.apart.setdefault(one, set()).add(other)
        self.apart.setdefault(other, set()).add(one)
        self.wary |= {self.group_of[one], self.group_of[other]}

    def allow(self, one: int, other: int) -> None:
        """A later word that two are the same takes back that they are not."""
        self.apart.get(one, set[int]()).discard(other)
        self.apart.get(other, set[int]()).discard(one)

    def split(self, one: int, other: int, at: int, links: list[tuple[float, int, int]]) -> None:
        """Take two apart: their group forms anew from its strongest links, never joining the two."""
        self.keep_apart(one, other)
        root = self.group_of[one]
        if root != self.group_of[other]:
            return
        whole = self.members.pop(root)
        within = set(whole)
        groups = {nominal: {nominal} for nominal in whole}
        known = [link for link in links if link[1] in within and link[2] in within]
        for _, left, right in sorted(known, key=lambda link: (-link[0], link[1], link[2])):
            into, joins = groups[left], groups[right]
            if into is joins or any(self.apart.get(nominal, set()) & joins for nominal in into):
                continue
            into |= joins
            for nominal in joins:
                groups[nominal] = into
        for group in sorted({min(group): sorted(group) for group in groups.values()}.items()):
            first, members = group
            self.members[first] = members
            self.wary.add(first)
            if first != root:
                self._move(members, first, at)
                self._tell(at, root, first, 1, one, other)

    def _tell(self, *row: int) -> None:
        for column, value in zip(self.changes, row, strict=True):
            column.append(value)

    def finish(self) -> None:
        """Leave every membership that still stands open."""
        rows = (range(len(self.group_of)), self.group_of, self.since, [STANDS] * len(self.group_of))
        for column, values in zip(self.memberships, rows, strict=True):
            column.extend(values)


class _Numbers:
    """Who has given which telephone number, so far."""

    def __init__(self) -> None:
        self.holders: dict[int, list[int]] = defaultdict(list)
        self.waiting: dict[int, list[int]] = defaultdict(list)

    def given(
        self, number: int, nominal: int, is_number_only: bool, resolver: _Resolver
    ) -> list[tuple[int, int]]:
        """The callers who turn out to be the only person who has given their number."""
        (self.waiting if is_number_only else self.holders)[number].append(nominal)
        holders, waiting = self.holders[number], self.waiting[number]
        if not waiting or not holders or len({resolver.group_of[holder] for holder in holders}) > 1:
            return []
        self.waiting[number] = []
        return [(holders[0], caller) for caller in waiting if resolver.is_alone(caller)]


@contextmanager
def _nothing_collected() -> Generator[None]:
    """Groups of groups are many and in no ring; looking for rings among them took a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_nothing_collected()
def resolve(
    nominals: pl.DataFrame,
    links: pl.DataFrame,
    decisions: pl.DataFrame | None = None,
    numbers: pl.DataFrame | None = None,
    apart: pl.DataFrame | None = None,
) -> Persons:
    """Go through all that became known in order of time.

    At one moment come first those who cannot be one, then links, then numbers, then decisions. Frames are as
    this module's schemas say, each nominal once with when it was first known.
    """
    ordered = nominals.select(*NOMINALS).sort("known_from_at", "nominal_id")
    index = ordered.select("nominal_id").with_row_index("at")
    resolver = _Resolver(ordered["known_from_at"].dt.epoch("us").to_list())
    given, by_number = _Numbers(), pl.DataFrame(schema=LINKS)
    decided = _indexed(decisions if decisions is not None else pl.DataFrame(schema=DECISIONS), index)
    numbered = _indexed(numbers if numbers is not None else pl.DataFrame(schema=NUMBERS), index)
    linked = _indexed(links, index)
    opposed = _indexed(apart if apart is not None else pl.DataFrame(schema=APART), index)
    found: list[tuple[int, int, int]] = []
    so_far: list[tuple[float, int, int]] = []
    keeps_links = decided.height > 0
    for at, kind, one, other, said in _in_order(opposed, linked, numbered, decided):
        if kind == _APART:
            resolver.keep_apart(one, other)
            continue
        if kind == _NUMBER:
            pairs = given.given(other, one, bool(said), resolver)
            found += [(at, holder, caller) for holder, caller in pairs]
            weight = 0.0
        elif kind == _DECISION and not said:
            resolver.split(one, other, at, so_far)
            continue
        else:
            pairs, weight = [(one, other)], float("inf") if kind == _DECISION else said
            if kind == _DECISION:
                resolver.allow(one, other)
        for left, right in pairs:
            resolver.merge(left, right, at)
            if keeps_links:
                so_far.append((weight, left, right))
    resolver.finish()
    ids = ordered["nominal_id"]
    if found:
        at, one, other = (list(column) for column in zip(*found, strict=True))
        by_number = pl.DataFrame(
            {
                "nominal_id": ids.gather(one),
                "other_nominal_id": ids.gather(other),
                "known_from_at": pl.Series(at, dtype=pl.Int64).cast(MOMENT),
                "match_weight": 0.0,
            }
        )
    return Persons(_memberships(resolver, ids), _changes(resolver, ids), by_number)


def components(
    nominals: pl.DataFrame, links: pl.DataFrame, decisions: pl.DataFrame, numbers: pl.DataFrame
) -> pl.DataFrame:
    """Nominals that bear on each other's person, by links, decisions or numbers, under one id."""
    named = nominals.select("nominal_id").sort("nominal_id")
    given = numbers.select("nominal_id", other_nominal_id=pl.concat_str(pl.lit("number "), "number"))
    index = pl.concat([named, given.select(nominal_id="other_nominal_id").unique()]).with_row_index("at")
    pairs = pl.concat(_indexed(rows.select(*PAIRS), index) for rows in (links, decisions, given))
    ends = (pairs["nominal_id"].to_numpy(), pairs["other_nominal_id"].to_numpy())
    graph = coo_matrix((np.ones(pairs.height, dtype=np.int8), ends), shape=(index.height, index.height))
    _, component = connected_components(graph, directed=False)
    return named.with_columns(
        component_id=pl.col("nominal_id").first().over(pl.Series(component[: named.height]))
    )


def _indexed(rows: pl.DataFrame, index: pl.DataFrame) -> pl.DataFrame:
    """The same rows with numbers for nominals; rows about nominals that nobody knows (any more) go."""
    for column in ("nominal_id", "other_nominal_id"):
        if column in rows.columns:
            rows = (
                rows.join(index, left_on=column, right_on="nominal_id", how="inner")
                .drop(column)
                .rename({"at": column})
            )
    return rows.with_columns(cs.datetime().dt.epoch("us"))


def _in_order(
    apart: pl.DataFrame, links: pl.DataFrame, numbers: pl.DataFrame, decisions: pl.DataFrame
) -> Iterator[tuple[int, int, int, int, float]]:
    """Rows of all four as moment, kind, two numbers and what is said of them, in the order of the first four.

    A decision says 1 for the same, a number 1 for a caller without a name; a telephone number is a rank.
    """

    def told(frame: pl.DataFrame, kind: int, other: str | pl.Expr, said: pl.Expr) -> pl.DataFrame:
        second = pl.col(other) if isinstance(other, str) else other
        return frame.select(
            "known_from_at",
            pl.lit(kind, pl.Int8).alias("kind"),
            pl.col("nominal_id").cast(pl.Int64).alias("one"),
            second.cast(pl.Int64).alias("other"),
            said.cast(pl.Float64).alias("said"),
        )

    rows = pl.concat(
        [
            told(apart, _APART, "other_nominal_id", pl.lit(0)),
            told(links, _LINK, "other_nominal_id", pl.col("match_weight")),
            told(numbers, _NUMBER, pl.col("number").rank("dense"), pl.col("is_number_only")),
            told(decisions, _DECISION, "other_nominal_id", pl.col("verdict") == SAME),
        ]
    ).sort(pl.all())
    return zip(*(rows[column].to_list() for column in rows.columns), strict=True)


def _named(ids: pl.Series, nominals: pl.Series) -> pl.Series:
    """The ids of the persons of whom these were the first nominals."""
    first = nominals.unique().sort()
    names = ids.gather(first).map_elements(person_id_of, return_dtype=pl.String)
    return names.gather(first.search_sorted(nominals))


def _moments(values: array[int]) -> pl.Series:
    epochs = pl.Series(values, dtype=pl.Int64)
    return epochs.set(epochs == STANDS, None).cast(MOMENT)


def _memberships(resolver: _Resolver, ids: pl.Series) -> pl.DataFrame:
    nominal, group, since, until = resolver.memberships
    return pl.DataFrame(
        {
            "nominal_id": ids.gather(pl.Series(nominal, dtype=pl.Int64)),
            "person_id": _named(ids, pl.Series(group, dtype=pl.Int64)),
            "known_from_at": _moments(since),
            "known_until_at": _moments(until),
        }
    ).sort("nominal_id", "known_from_at")


def _changes(resolver: _Resolver, ids: pl.Series) -> pl.DataFrame:
    at, old, new, kind, one, other = (pl.Series(values, dtype=pl.Int64) for values in resolver.changes)
    return pl.DataFrame(
        {
            "changed_at": at.cast(MOMENT),
            "old_person_id": _named(ids, old),
            "new_person_id": _named(ids, new),
            "kind": pl.Series(CHANGES).gather(kind),
            "because_nominal_id": ids.gather(one),
            "because_other_nominal_id": ids.gather(other),
        }
    )
