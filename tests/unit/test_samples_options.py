"""What can be asked of a force, and what is refused before anything is written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from data_samples.options import DEFAULT_END, FIRST_START, SHOCKS, ForceError, ForceOptions


@pytest.fixture
def options(tmp_path: Path) -> ForceOptions:
    return ForceOptions(out=tmp_path / "force")


def refusal(options: ForceOptions) -> str:
    with pytest.raises(ForceError) as refused:
        options.validate()
    return str(refused.value)


def test_the_defaults_are_a_force(options: ForceOptions) -> None:
    options.validate()
    assert (options.start, options.history_end, options.end) == (
        date(2014, 12, 30),
        date(2024, 1, 1),
        DEFAULT_END,
    )
    assert options.effective_focus == options.scale == 0.01


@pytest.mark.parametrize("shock", [name for name in SHOCKS if name != "none"])
def test_each_shock_can_be_asked_for(options: ForceOptions, shock: str) -> None:
    replace(options, shock=shock, shock_at=date(2024, 6, 1), shock_size=0.5).validate()


@pytest.mark.parametrize(
    ("changed", "names"),
    [
        ({"scale": -0.01}, "--scale -0.01 is out of range"),
        ({"scale": 0.0}, "--scale 0 is out of range"),
        ({"scale": 0.0009}, "--scale 0.0009 is out of range"),
        ({"scale": 1.01}, "--scale 1.01 is out of range"),
        ({"scale": float("nan")}, "--scale nan is out of range"),
        ({"scale": float("inf")}, "--scale inf is out of range"),
        ({"focus": -1.0}, "--focus -1 is out of range"),
        ({"focus": 0.0}, "--focus 0 is out of range"),
        ({"focus": 1.5}, "--focus 1.5 is out of range"),
        ({"seed": -1}, "--seed -1 is out of range"),
        ({"seed": 2**63}, "--seed 9223372036854775808 is out of range"),
        ({"years": 0}, "--years 0 is out of range"),
        ({"years": -3}, "--years -3 is out of range"),
        ({"years": 13}, "--years 13 before --end 2024-12-30 is too early"),
        ({"deliveries": 0}, "--deliveries 0 is out of range"),
        ({"years": 1, "deliveries": 14}, "--deliveries 14 every 28 days"),
        ({"end": date(1999, 1, 1)}, "--end 1999-01-01 is before the start"),
        ({"end": FIRST_START}, "is before the start"),
        ({"end": date(2100, 1, 1)}, "--end 2100-01-01 is too far ahead"),
        ({"shock": "earthquake"}, "--shock 'earthquake' is unknown: choose one of none, rule_change"),
        ({"shock": "rule_change"}, "--shock rule_change needs --shock-at"),
        ({"shock_at": date(2024, 1, 1)}, "--shock-at 2024-01-01 needs a --shock"),
        ({"shock": "rule_change", "shock_at": date(2014, 12, 29)}, "is outside the force"),
        ({"shock": "rule_change", "shock_at": date(2024, 12, 31)}, "is outside the force"),
        ({"shock_size": 0.0}, "--shock-size 0 is out of range"),
        ({"shock_size": -2.0}, "--shock-size -2 is out of range"),
        ({"shock_size": float("inf")}, "--shock-size inf is out of range"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_in_one_line(
    options: ForceOptions, changed: dict[str, object], names: str
) -> None:
    said = refusal(replace(options, **changed))  # pyright: ignore[reportArgumentType]
    assert names in said
    assert "\n" not in said
    assert not options.out.exists()


def test_an_empty_folder_will_do(options: ForceOptions) -> None:
    options.out.mkdir()
    options.validate()


def test_a_folder_that_is_not_empty_is_refused(options: ForceOptions) -> None:
    options.out.mkdir()
    (options.out / "kept.txt").write_text("mine")
    assert "is not empty" in refusal(options)
    assert [path.name for path in options.out.iterdir()] == ["kept.txt"]


def test_a_file_or_a_place_under_a_file_is_refused(options: ForceOptions, tmp_path: Path) -> None:
    options.out.write_text("mine")
    assert "is a file" in refusal(options)
    assert "is a file" in refusal(replace(options, out=options.out / "below" / "it"))
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    assert "leads nowhere" in refusal(replace(options, out=tmp_path / "link"))


@pytest.mark.parametrize("name", ["x" * 5000, "nul\0byte", "-force"])
def test_a_name_no_folder_can_have_is_refused(options: ForceOptions, name: str) -> None:
    assert refusal(replace(options, out=Path(name))).startswith("--out ")


def test_a_leap_day_has_a_start(options: ForceOptions) -> None:
    assert replace(options, end=date(2024, 2, 29), years=3).start == date(2021, 2, 28)
    assert replace(options, end=date(2024, 2, 29), years=4).start == date(2020, 2, 29)
