"""What every asset may ask for: where things are, and whom to tell how far the work has come."""

import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DbtCliResource
from packaging.version import Version

from dagster_project import settings
from dagster_project.run import alone
from dagster_project.settings import Settings, tell_children

Tell = Callable[[str, int, int], None]


def silent(stage: str, rows_done: int, rows_expected: int) -> None:
    """Nobody asked."""


class InstalledDbt(DbtCliResource):
    """dbt as it is installed here: it need not be started, nor loaded, to be asked what it is."""

    @cached_property
    def _cli_version(self) -> Version:
        return Version(version("dbt-core"))

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> Any:
        """Dagster would count rows through it; ours are counted in the warehouse."""
        return None


def dbt_of(here: Settings) -> DbtCliResource:
    """dbt on our project, with the profile that stands beside it."""
    return InstalledDbt(
        project_dir=str(here.dbt_project),
        profiles_dir=str(here.dbt_project),
        dbt_executable=str(Path(sys.executable).with_name("throughline-dbt")),
    )


@dg.resource(description="The folders of this installation, which one run at a time has to itself.")
def home_alone(_: dg.InitResourceContext) -> Iterator[Settings]:
    """Those of the environment; held for the whole run, since its steps share one process."""
    here = settings.load()
    with alone(here):
        yield here


@dg.definitions
def resources() -> dg.Definitions:
    """For runs that the UI starts; `throughline run` brings its own."""
    here = settings.load()
    tell_children(here)
    given: dict[str, Any] = {"here": home_alone, "tell": silent, "dbt": dbt_of(here)}
    return dg.Definitions(resources=given, executor=dg.in_process_executor)
