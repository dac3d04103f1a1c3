"""The four-weekly rhythm, over every year and both sides of midnight."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagster_project.cycles import (
    ANCHOR,
    CYCLE_DAYS,
    NotACutOff,
    at_or_before,
    checked,
    cut_offs,
    day_after,
    is_cut_off,
    latest_for,
)

DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2060, 12, 31))


@given(DAYS)
def test_each_day_belongs_to_one_cycle(day: date) -> None:
    start = at_or_before(day)
    assert is_cut_off(start)
    assert start <= day < start + timedelta(days=CYCLE_DAYS)
    assert start.weekday() == ANCHOR.weekday()


@given(DAYS, st.integers(0, 400))
def test_the_cut_offs_between_two_days_are_those_that_are_cut_offs(first: date, days: int) -> None:
    last = first + timedelta(days=days)
    every = (first + timedelta(days=step) for step in range(days + 1))
    assert cut_offs(first, last) == [day for day in every if is_cut_off(day)]


@pytest.mark.parametrize(
    ("received", "cut_off"),
    [
        ("2024-12-30 06:00", "2024-12-31"),  # Monday's delivery, Tuesday's run
        ("2024-12-30 00:00", "2024-12-31"),
        ("2024-12-31 00:00", "2024-12-31"),  # known strictly before means: not yet to this one
        ("2024-12-29 23:59", "2024-12-03"),
        ("2025-01-05 06:00", "2024-12-31"),
    ],
)
def test_the_latest_cut_off_is_read_off_the_newest_delivery(received: str, cut_off: str) -> None:
    assert latest_for(datetime.fromisoformat(received)) == date.fromisoformat(cut_off)


def test_what_is_received_is_known_to_the_next_midnight() -> None:
    assert day_after(datetime(2024, 2, 28, 23, 59)) == date(2024, 2, 29)


def test_a_day_between_two_cut_offs_is_refused_with_its_neighbours() -> None:
    assert checked(date(2024, 12, 31)) == date(2024, 12, 31)
    with pytest.raises(NotACutOff, match=r"2024-12-25 is not a cut-off.*2024-12-03 and 2024-12-31"):
        checked(date(2024, 12, 25))
