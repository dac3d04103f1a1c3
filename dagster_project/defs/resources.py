"""What every asset may ask for: where things are, and whom to tell how far the work has come."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DbtCliResource

from dagster_project import settings
from dagster_project.settings import Settings, tell_children

Tell = Callable[[str, int, int], None]


def silent(stage: str, rows_done: int, rows_expected: int) -> None:
    """Nobody asked."""


def dbt_of(here: Settings) -> DbtCliResource:
    """dbt on our project, with the profile that stands beside it."""
    return DbtCliResource(
        project_dir=str(here.dbt_project),
        profiles_dir=str(here.dbt_project),
        dbt_executable=str(Path(sys.executable).with_name("dbt")),
    )


@dg.definitions
def resources() -> dg.Definitions:
    """The home is that of the environment; `throughline run` brings its own."""
    here = settings.load()
    tell_children(here)
    given: dict[str, Any] = {"here": here, "tell": silent, "dbt": dbt_of(here)}
    return dg.Definitions(resources=given)
