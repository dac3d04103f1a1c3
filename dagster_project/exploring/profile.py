"""What exploration finds: counts, shares and quantiles, and no value that identifies anybody."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Final

FEWEST_SHOWN: Final = 10
"""A group or a value of fewer cases is left out."""
FEWEST_JUDGED: Final = 50
"""A share of a group of fewer rows says `too few`."""
SHARE_OF_PATTERN: Final = 0.01
"""The share of rows a pattern must cover to be shown."""
CURVE: Final = tuple(round(step / 20, 2) for step in range(1, 20))
"""The quantiles of a lag: each twentieth."""


@dataclass(frozen=True)
class Count:
    """A label and how many rows it has."""

    label: str
    rows: int


@dataclass(frozen=True)
class Heap:
    """Rows on a round date, hour or number, and the share that chance would put there."""

    what: str
    rows: int
    of: int
    by_chance: float

    @property
    def share(self) -> float:
        """Of the rows that have a value."""
        return share(self.rows, self.of)

    @property
    def stands_out(self) -> bool:
        """Whether there are clearly more than chance would put there."""
        return self.rows >= FEWEST_SHOWN and self.share > 2 * self.by_chance + 0.001


@dataclass(frozen=True)
class Shape:
    """How a column of text looks, without what it says: lengths, patterns, words for nothing."""

    lengths: tuple[int, ...]
    """Shortest, first percentile, median, 99th percentile, longest."""
    patterns: tuple[Count, ...]
    """Letters as A, digits as 9, runs as one; only those that cover enough rows."""
    rows_looked_at: int
    placeholders: int
    """Rows that say `unknown`, `n/a` or the like."""
    prefix: str | None = None
    """The letters that every value begins with, where the column identifies nobody."""


@dataclass(frozen=True)
class ColumnProfile:
    """One column: how often blank, how many values, its range, its distribution, its heaps."""

    name: str
    data_type: str
    identifies: str | None
    rows: int
    missing: int
    distinct: int | None
    quantiles: tuple[str, ...]
    """At 0, 1, 5, 25, 50, 75, 95, 99 and 100 percent, dates by day and their ends by year; none for what
    identifies."""
    values: tuple[Count, ...]
    values_left_out: int
    rows_left_out: int | None
    """None where they are too few to be told."""
    shape: Shape | None
    heaps: tuple[Heap, ...]
    last_digits: tuple[int, ...]

    @property
    def share_missing(self) -> float:
        """Of all rows."""
        return share(self.missing, self.rows)


@dataclass(frozen=True)
class GroupMissing:
    """The rows of one group, and in how many of them each column is blank."""

    value: str
    rows: int
    cases: int
    """The crimes, else persons, else records that the rows are about."""
    missing: tuple[int, ...]
    """Empty where the rows are too few to be judged."""

    @property
    def is_enough(self) -> bool:
        """Whether its shares say anything."""
        return self.rows >= FEWEST_JUDGED


@dataclass(frozen=True)
class MissingBy:
    """Blank cells along one dimension; the columns stand in the order of the profile's columns."""

    dimension: str
    whose: str
    own_column: str | None
    groups: tuple[GroupMissing, ...]
    groups_left_out: int
    rows_not_reached: int


@dataclass(frozen=True)
class YearLag:
    """The lag of one year of recording, in days."""

    year: int
    rows: int
    median_days: float
    ninetieth_days: float


@dataclass(frozen=True)
class Lag:
    """From a dated column to its recording: days at each twentieth of the rows."""

    column: str
    recorded: str
    is_occurrence: bool
    rows: int
    rows_after_recording: int
    days: tuple[float, ...]
    by_year: tuple[YearLag, ...]

    @property
    def median_days(self) -> float:
        """Half of the rows were recorded sooner."""
        return self.days[CURVE.index(0.5)]

    @property
    def ninetieth_days(self) -> float:
        """One row in ten was recorded later."""
        return self.days[CURVE.index(0.9)]


@dataclass(frozen=True)
class Link:
    """A reference to a key of another source, and how many of the rows that have one lead nowhere."""

    column: str
    target_source: str
    target_column: str
    rows: int
    unresolved: int
    worst_year: int | None
    worst_year_share: float
    also_tried: tuple[str, ...]

    @property
    def share_unresolved(self) -> float:
        """Of the rows that have a reference."""
        return share(self.unresolved, self.rows)

    @property
    def is_foreign(self) -> bool:
        """Whether nothing at all is found, so that the ids must be another system's."""
        return self.rows > 0 and self.unresolved == self.rows


@dataclass(frozen=True)
class Duplicates:
    """Versions of one thing, and the same content under other keys."""

    rows: int
    things: int
    rows_alike: int
    contents_alike: int
    compared: int
    """Columns compared: all but the key and the times of recording."""


@dataclass(frozen=True)
class Identity:
    """One person's fields under several nominal ids, and one id with several people's fields: counts only."""

    nominal_column: str
    fields: tuple[str, ...]
    people: int
    people_under_several_ids: int
    ids_of_those: int
    ids: int
    ids_with_several_people: int


@dataclass(frozen=True)
class DeliveryRows:
    """What became of one delivery."""

    delivery_id: str
    kind: str
    received_on: str
    status: str
    rows_received: int
    rows_loaded: int
    rows_quarantined: int
    rows_repeated: int


@dataclass(frozen=True)
class BadlyRecorded:
    """A group whose column is blank clearly more often than everybody else's."""

    source: str
    column: str
    dimension: str
    whose: str
    group: str
    rows: int
    cases: int
    missing: int
    rows_of_others: int
    missing_of_others: int

    @property
    def share(self) -> float:
        """Of the group's rows."""
        return share(self.missing, self.rows)

    @property
    def share_of_others(self) -> float:
        """Of the other groups' rows."""
        return share(self.missing_of_others, self.rows_of_others)


@dataclass(frozen=True)
class Proposal:
    """An expectation to agree on, with what the data showed."""

    source: str
    suite: str
    name: str
    evidence: str
    needs_fact: str
    """The figure that expectations/facts/<source>.sql must give for it; empty where none is needed."""
    entry: dict[str, object]
    """As it would stand in expectations/suites/<suite>.yml."""


@dataclass(frozen=True)
class SourceProfile:
    """One source."""

    source: str
    description: str
    owner: str
    recorded: str
    rows: int
    first_recorded: str
    last_recorded: str
    rows_by_year: tuple[Count, ...]
    deliveries: tuple[DeliveryRows, ...]
    quarantined_by_column: tuple[Count, ...]
    columns: tuple[ColumnProfile, ...]
    missing: tuple[MissingBy, ...]
    missing_by_delivery: MissingBy
    lags: tuple[Lag, ...]
    links: tuple[Link, ...]
    duplicates: Duplicates
    identities: tuple[Identity, ...]
    badly_recorded: tuple[BadlyRecorded, ...]
    proposals: tuple[Proposal, ...]

    def column(self, name: str) -> ColumnProfile:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)

    @property
    def occurrence(self) -> Lag | None:
        """The lag from when it happened, where the source says when it happened."""
        return next((lag for lag in self.lags if lag.is_occurrence), None)


@dataclass(frozen=True)
class Profile:
    """Every source, and what it all rests on."""

    rows: int
    deliveries: int
    received_from: str
    received_to: str
    sources: tuple[SourceProfile, ...]
    nothing_delivered: tuple[str, ...]

    @property
    def badly_recorded(self) -> tuple[BadlyRecorded, ...]:
        """Over all sources, the widest gaps first."""
        found = (one for source in self.sources for one in source.badly_recorded)
        return tuple(sorted(found, key=lambda one: one.share_of_others - one.share))


def share(part: int, whole: int) -> float:
    """A share that is nought where there is nothing to share."""
    return part / whole if whole else 0.0


def to_json(profile: Profile) -> str:
    """The profile as JSON, the same text for the same data."""
    return json.dumps(asdict(profile), indent=1, ensure_ascii=False) + "\n"
