"""Where an installation keeps its data, in the order in which it was told."""

from __future__ import annotations

from pathlib import Path

import pytest

from dagster_project import settings


def test_what_is_named_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("THROUGHLINE_HOME", str(tmp_path / "told"))
    assert settings.load(tmp_path / "named").home == tmp_path / "named"
    assert settings.load().home == tmp_path / "told"


@pytest.mark.parametrize("told", [None, ""])
def test_without_either_it_is_home_beside_where_one_stands(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, told: str | None
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("THROUGHLINE_HOME", raising=False)
    if told is not None:
        monkeypatch.setenv("THROUGHLINE_HOME", told)
    assert settings.load().home == tmp_path / "home"


def test_dagster_learns_its_folder_and_sends_nothing(tmp_path: Path) -> None:
    told = settings.child_environment(settings.load(tmp_path))
    assert told["DAGSTER_HOME"] == str(tmp_path / "dagster")
    assert told["DO_NOT_TRACK"] == "1"
