"""The four-weekly rhythm: which cut-offs there are, and which one a run stands at."""

from __future__ import annotations

from datetime import date, datetime, timedelta

CYCLE_DAYS = 28
ANCHOR = date(2015, 1, 13)
"""A Tuesday; every cut-off lies a whole number of cycles from it, at midnight."""
TIME_ZONE = "Europe/London"


class NotACutOff(Exception):
    """A day between two cut-offs was named as one."""


def is_cut_off(day: date) -> bool:
    return (day - ANCHOR).days % CYCLE_DAYS == 0


def at_or_before(day: date) -> date:
    """The last cut-off that is not later than this day."""
    return day - timedelta(days=(day - ANCHOR).days % CYCLE_DAYS)


def cut_offs(first: date, last: date) -> list[date]:
    """Every cut-off from one day to another, both included."""
    start = at_or_before(first - timedelta(days=1)) + timedelta(days=CYCLE_DAYS)
    return [start + timedelta(days=step) for step in range(0, (last - start).days + 1, CYCLE_DAYS)]


def day_after(received_at: datetime) -> date:
    """The first midnight to which something received then is known."""
    return received_at.date() + timedelta(days=1)


def latest_for(newest_received_at: datetime) -> date:
    """The latest cut-off that the newest delivery reaches: read off the data, never off a clock."""
    return at_or_before(day_after(newest_received_at))


def checked(day: date) -> date:
    """The day itself where it is a cut-off; else a refusal that names the neighbours."""
    if is_cut_off(day):
        return day
    before = at_or_before(day)
    raise NotACutOff(
        f"{day} is not a cut-off: they lie {CYCLE_DAYS} days apart; the nearest are {before} "
        f"and {before + timedelta(days=CYCLE_DAYS)}"
    )
