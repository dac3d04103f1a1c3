"""What the benchmark of the gates makes of its figures."""

from __future__ import annotations

from typing import Any

from benchmarks.gates import ONE_BY_ONE, goals


def case(rows: int, seconds: float, **more: Any) -> dict[str, Any]:
    measured = {"rows": rows, "seconds": seconds, "start_seconds": 4.0, "floor_seconds": seconds / 10}
    counted = {"deliveries": 40, "results": 700, "warnings": [], "critical": [], "peak_megabytes": 900}
    return {**measured, **counted, **more}


def told(**more: Any) -> dict[str, str]:
    few = {"deliveries": 50, "together": 1.0, "one_by_one": 30.0}
    result = {
        "clean": {"one": case(1000, 3.0), "two": case(1000, 3.0)},
        "sizes": {"lesser": case(1_000_000, 6.0), "larger": case(3_000_000, 12.0)},
        "many": case(40_000, 7.0) | {ONE_BY_ONE: few},
    }
    return goals(result | more)


def test_the_fixed_start_is_apart_from_what_a_million_rows_take() -> None:
    said = told()
    speed = said["seconds a million rows beyond the fixed start"]
    assert speed.startswith("held: 3.00,") and speed.endswith("a bare scan of the same columns 0.30")
    assert said["fixed start"] == "4.0 s for the engine, 3.0 s to ask thirteen sources anything"
    assert {words.split(":")[0] for name, words in said.items() if name != "fixed start"} == {"held"}


def test_what_falls_short_is_called_short() -> None:
    sizes = {"lesser": case(1_000_000, 6.0), "larger": case(2_000_000, 16.0, peak_megabytes=5000)}
    said = told(sizes=sizes, clean={"one": case(1000, 3.0, critical=["one"])})
    short = ("seconds a million rows beyond the fixed start", "memory", "clean forces")
    assert all(said[name].startswith("short: ") for name in short)
