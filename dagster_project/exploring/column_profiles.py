"""What each column holds: values where they may be shown, else lengths, patterns and counts alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, Final

from dagster_project.contracts import Column
from dagster_project.exploring.asking import ask
from dagster_project.exploring.plan import Plan, may_show
from dagster_project.exploring.profile import (
    FEWEST_SHOWN,
    SHARE_OF_PATTERN,
    ColumnProfile,
    Count,
    GroupMissing,
    Heap,
    Shape,
)

PATTERNS_FROM: Final = 100_000
"""Rows that patterns are read off, chosen by a hash of their place in the files."""
MOST_PATTERNS: Final = 8
LONGEST_PATTERN: Final = 60
MOST_VALUES: Final = 60
LONGEST_VALUE: Final = 40
DAYS_OF_A_YEAR: Final = 365.25
PLACEHOLDERS: Final = (
    "unknown", "not known", "n/k", "nk", "none", "n/a", "na", "not stated", "not recorded", "withheld", "tbc",
    "test", "-", "--", ".", "?", "??", "x", "xx", "xxx", "null",
)  # fmt: skip
MOMENTS: Final = ("date", "timestamp")

Profiles = dict[str, ColumnProfile]


def column_profiles(connection: Any, plan: Plan, everybody: GroupMissing) -> tuple[ColumnProfile, ...]:
    """One profile for each column of the contract, in its order."""
    profiles = {
        column.name: _blank_profile(column, everybody.rows, missing)
        for column, missing in zip(plan.contract.columns, everybody.missing, strict=True)
    }
    for describe in (_texts, _numbers, _moments):
        profiles |= describe(connection, plan, profiles)
    return tuple((profiles | _values(connection, plan, profiles)).values())


def _blank_profile(column: Column, rows: int, missing: int) -> ColumnProfile:
    return ColumnProfile(
        name=column.name,
        data_type=column.data_type,
        identifies=column.identifies,
        rows=rows,
        missing=missing,
        distinct=None,
        quantiles=(),
        values=(),
        values_left_out=0,
        rows_left_out=0,
        shape=None,
        heaps=(),
        last_digits=(),
    )


def _answers(
    connection: Any, question: str, columns: Sequence[Column], profiles: Profiles, **names: object
) -> Iterator[tuple[ColumnProfile, dict[str, Any]]]:
    """Each column that has values, with what was answered; one at a time, so that memory holds one."""
    for column in columns:
        if profiles[column.name].missing < profiles[column.name].rows:
            for row in ask(connection, question, (), columns=[column], **names):
                yield profiles[column.name], row


# ---------------------------------------------------------------------------------------------------- texts
def _texts(connection: Any, plan: Plan, profiles: Profiles) -> Profiles:
    columns = [column for column in plan.contract.columns if column.data_type == "varchar"]
    answers = _answers(connection, "texts", columns, profiles, placeholders=PLACEHOLDERS)
    patterns = _patterns(connection, columns, profiles)
    prefixes = _prefixes(connection, columns, profiles)
    return {
        profile.name: replace(
            profile,
            distinct=row["distinct_values"],
            shape=Shape(
                lengths=_at(row["lengths"], (0.0, 0.01, 0.5, 0.99, 1.0)),
                patterns=patterns.get(profile.name, ((), 0))[0],
                rows_looked_at=patterns.get(profile.name, ((), 0))[1],
                placeholders=row["placeholders"],
                prefix=prefixes.get(profile.name),
            ),
        )
        for profile, row in answers
    }


def _at(lengths: Mapping[int, int], quantiles: Sequence[float]) -> tuple[int, ...]:
    """The least length that so large a share of the rows does not exceed."""
    total = sum(lengths.values())
    found: list[int] = []
    for quantile in quantiles:
        so_far = 0
        for length in sorted(lengths):
            so_far += lengths[length]
            if so_far >= max(quantile * total, 1):
                found.append(length)
                break
    return tuple(found)


def _patterns(
    connection: Any, columns: Sequence[Column], profiles: Profiles
) -> dict[str, tuple[tuple[Count, ...], int]]:
    """Nothing of prose: each text would be a pattern of its own."""
    names = [
        column.name
        for column in columns
        if column.identifies != "prose" and profiles[column.name].missing < profiles[column.name].rows
    ]
    if not names:
        return {}
    answer = ask(
        connection,
        "patterns",
        columns=names,
        one_in=_one_in(profiles[names[0]]),
        share=SHARE_OF_PATTERN,
        fewest=FEWEST_SHOWN,
        most=MOST_PATTERNS,
        longest=LONGEST_PATTERN,
    )
    return {
        name: (tuple(Count(row["pattern"], row["row_count"]) for row in found), found[0]["rows_looked_at"])
        for name, group in groupby(answer, key=lambda row: str(row["column_name"]))
        if (found := list(group))
    }


def _prefixes(connection: Any, columns: Sequence[Column], profiles: Profiles) -> dict[str, str]:
    """The letters of an id, where they say which system it is of and not whose it is."""
    names = [
        column.name
        for column in columns
        if column.identifies is None
        and not column.codes
        and profiles[column.name].missing < profiles[column.name].rows
    ]
    answer = ask(connection, "prefixes", columns=names, one_in=_one_in(profiles[names[0]])) if names else []
    return {row["column_name"]: row["prefix"] for row in answer if row["prefix"]}


def _one_in(profile: ColumnProfile) -> int:
    """Every row of a small source, one in so many of a large one."""
    return max(profile.rows // PATTERNS_FROM, 1)


# -------------------------------------------------------------------------------------- numbers and moments
def _numbers(connection: Any, plan: Plan, profiles: Profiles) -> Profiles:
    columns = plan.columns("bigint", "double")
    return {
        profile.name: replace(
            profile,
            distinct=row["distinct_values"],
            quantiles=_shown(plan, profile, [_number(one) for one in row["quantiles"]]),
            heaps=_number_heaps(profile, row) if _shows(plan, profile) else (),
            last_digits=tuple(row["last_digits"]) if _shows(plan, profile) else (),
        )
        for profile, row in _answers(connection, "numbers", columns, profiles)
    }


def _moments(connection: Any, plan: Plan, profiles: Profiles) -> Profiles:
    columns = plan.columns(*MOMENTS)
    return {
        profile.name: replace(
            profile,
            quantiles=_shown(plan, profile, row["quantiles"]),
            heaps=_moment_heaps(profile, row),
        )
        for profile, row in _answers(connection, "moments", columns, profiles)
    }


def _shows(plan: Plan, profile: ColumnProfile) -> bool:
    """Too few rows are persons, not a distribution."""
    enough = profile.rows - profile.missing >= FEWEST_SHOWN
    return enough and may_show(plan.contract, plan.contract.column(profile.name))


def _shown(plan: Plan, profile: ColumnProfile, quantiles: Sequence[str]) -> tuple[str, ...]:
    return tuple(quantiles) if _shows(plan, profile) else ()


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.4g}"


def _number_heaps(profile: ColumnProfile, row: dict[str, Any]) -> tuple[Heap, ...]:
    filled = profile.rows - profile.missing
    heaps = [Heap("exactly 0", row["zeros"], filled, 0.0)]
    if profile.data_type == "bigint":
        heaps += [Heap("a multiple of 10", row["tens"], filled, 0.1)]
        heaps += [Heap("a multiple of 5", row["fives"], filled, 0.2)]
    return tuple(heaps)


def _moment_heaps(profile: ColumnProfile, row: dict[str, Any]) -> tuple[Heap, ...]:
    """Counts alone, so that they may be told of birth dates too."""
    filled = profile.rows - profile.missing
    told: list[tuple[str, str, float]] = [
        ("on 1 January", "on_1_january", 1 / DAYS_OF_A_YEAR),
        ("on the first of a month", "on_the_first", 12 / DAYS_OF_A_YEAR),
        ("on 1 January 1970, a clock's zero", "at_the_epoch", 0.0),
        ("at midnight sharp", "at_midnight", 1 / 86_400),
        ("on the hour sharp", "on_the_hour", 1 / 3_600),
    ]
    return tuple(
        Heap(what, row[key], filled, by_chance) for what, key, by_chance in told if row[key] is not None
    )


# --------------------------------------------------------------------------------------------------- values
def _values(connection: Any, plan: Plan, profiles: Profiles) -> Profiles:
    """The distribution of each column whose values are few and may be shown; rare values are only counted."""
    columns = [
        column for column in plan.contract.columns if _is_listable(plan, column, profiles[column.name])
    ]
    answers = _answers(connection, "values", columns, profiles)
    found: dict[str, list[dict[str, Any]]] = {}
    for profile, row in answers:
        found.setdefault(profile.name, []).append(row)
    return {name: _with_values(profiles[name], values) for name, values in found.items()}


def _is_listable(plan: Plan, column: Column, profile: ColumnProfile) -> bool:
    if not may_show(plan.contract, column) or column.data_type in (*MOMENTS, "double"):
        return False
    if column.codes or column.data_type == "boolean":
        return True
    is_short = profile.shape is None or profile.shape.lengths[-1] <= LONGEST_VALUE
    return profile.distinct is not None and profile.distinct <= MOST_VALUES and is_short


def _with_values(profile: ColumnProfile, values: Sequence[dict[str, Any]]) -> ColumnProfile:
    shown = tuple(Count(row["cell"], row["row_count"]) for row in values if row["cases"] >= FEWEST_SHOWN)
    hidden = sum(row["row_count"] for row in values) - sum(value.rows for value in shown)
    return replace(
        profile,
        distinct=len(values),
        values=shown[:MOST_VALUES],
        values_left_out=len(values) - len(shown[:MOST_VALUES]),
        rows_left_out=hidden if hidden >= FEWEST_SHOWN or not hidden else None,
    )
