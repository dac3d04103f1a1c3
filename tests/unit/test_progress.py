"""Progress tells rows, rate and time left, in lines where nobody watches."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from dagster_project.progress import ShownProgress, describe


@pytest.mark.parametrize(
    ("done", "expected", "seconds", "line"),
    [
        (0, 1000, 0.0, "people: 0 of about 1,000 rows"),
        (
            250_000,
            1_000_000,
            1.0,
            "people: 250,000 of about 1,000,000 rows, 250,000 rows a second, 0:03 left",
        ),
        (
            200_000,
            7_400_000,
            200.0,
            "people: 200,000 of about 7,400,000 rows, 1,000 rows a second, 2:00:00 left",
        ),
        (4, 38_000, 5.0, "people: 4 of about 38,000 rows"),
        (0, 0, 5.0, "people"),
        (12, 10, 1.0, "people: 12 of about 10 rows, 12 rows a second, 0:00 left"),
    ],
)
def test_one_line_says_rows_rate_and_time_left(done: int, expected: int, seconds: float, line: str) -> None:
    assert describe("people", done, expected, seconds) == line


def test_a_log_gets_a_line_for_each_stage_and_one_every_few_seconds() -> None:
    now = 0.0
    written = io.StringIO()
    with ShownProgress(Console(file=written, width=200), clock=lambda: now) as progress:
        progress("drawing", 0, 0)
        for now in (0.0, 1.0, 2.0, 5.5, 6.0):
            progress("people", int(now * 10), 100)
        progress("crimes", 60, 100)
    lines = written.getvalue().splitlines()
    assert [line.split(" of ")[0] for line in lines] == ["drawing", "people: 0", "people: 55", "crimes: 60"]


def test_the_rate_is_that_of_the_count_that_is_under_way() -> None:
    now = 0.0
    written = io.StringIO()
    with ShownProgress(Console(file=written, width=200), clock=lambda: now) as progress:
        for stage, at, rows in (
            ("crimes", 0, 0),
            ("crimes", 100, 1000),
            ("orders", 200, 0),
            ("orders", 210, 50),
        ):
            now = float(at)
            progress(stage, rows, 1000)
    assert written.getvalue().splitlines()[-1].startswith("orders: 50 of about 1,000 rows, 5 rows a second")


def test_a_terminal_gets_a_bar_that_leaves_nothing_behind() -> None:
    written = io.StringIO()
    with ShownProgress(Console(file=written, width=120, force_terminal=True)) as progress:
        progress("people", 50, 100)
    assert "50 of about 100 rows" in written.getvalue()
