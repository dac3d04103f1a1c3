"""Whom the data records badly: the groups whose cells are blank clearly more often than everybody else's."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt
from typing import Final

from dagster_project.exploring.profile import (
    FEWEST_JUDGED,
    FEWEST_SHOWN,
    BadlyRecorded,
    GroupMissing,
    MissingBy,
    SourceProfile,
    share,
)

CERTAINTY: Final = 4.0
"""Standard errors by which a gap exceeds chance: thousands of gaps are looked at, and none may be luck."""
NARROWEST_GAP: Final = 0.01
"""Gaps below one in a hundred change nobody's picture."""
NOT_PEOPLE: Final = frozenset({"year", "delivery"})
NO_GROUP: Final = frozenset({"not recorded", "impossible", "several"})


def badly_recorded(profile: SourceProfile) -> tuple[BadlyRecorded, ...]:
    """The widest gaps first; one row for each column, dimension and group."""
    found = [one for by in profile.missing if by.dimension not in NOT_PEOPLE for one in _gaps(profile, by)]
    return tuple(sorted(found, key=lambda one: (one.share_of_others - one.share, one.column, one.group)))


def _gaps(profile: SourceProfile, by: MissingBy) -> Iterator[BadlyRecorded]:
    groups = [group for group in by.groups if group.is_enough and group.value not in NO_GROUP]
    for index, column in enumerate(profile.columns):
        for group in groups:
            others = [other for other in groups if other is not group]
            rest = GroupMissing(
                value="others",
                rows=sum(other.rows for other in others),
                cases=sum(other.cases for other in others),
                missing=(sum(other.missing[index] for other in others),),
            )
            if column.name != by.own_column and _stands_out(group, index, rest):
                yield BadlyRecorded(
                    source=profile.source,
                    column=column.name,
                    dimension=by.dimension,
                    whose=by.whose,
                    group=group.value,
                    rows=group.rows,
                    cases=group.cases,
                    missing=group.missing[index],
                    rows_of_others=rest.rows,
                    missing_of_others=rest.missing[0],
                )


def _stands_out(group: GroupMissing, index: int, rest: GroupMissing) -> bool:
    """Enough cases on both sides, and a gap that is wide and beyond the chance of so many cases."""
    if min(group.cases, rest.cases) < FEWEST_JUDGED or group.missing[index] < FEWEST_SHOWN:
        return False
    gap = share(group.missing[index], group.rows) - share(rest.missing[0], rest.rows)
    both = share(group.missing[index] + rest.missing[0], group.rows + rest.rows)
    chance = sqrt(both * (1 - both) * (1 / group.cases + 1 / rest.cases))
    return gap >= NARROWEST_GAP and gap > CERTAINTY * chance
