"""What several commands take."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from dagster_project import settings
from data_samples.options import DEFAULT_END

FAILED = 1
REFUSED = 2
"""Exit code for arguments that cannot be carried out; nothing was written."""
STOPPED = 130

Command = TypeVar("Command", bound=Callable[..., Any])


class Day(click.ParamType[date]):
    """A day as YYYY-MM-DD, refused in words a person can act on."""

    name = "date"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the day, or say how to write one."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a day; write it like {DEFAULT_END}", param, ctx)


def takes_home(command: Command) -> Command:
    """Every command takes --home, so that a script can name it everywhere."""
    return click.option(
        "--home",
        type=click.Path(path_type=Path, file_okay=False),
        help=f"Where this installation keeps its data [default: ${settings.HOME_VARIABLE}, else ./home].",
    )(command)


def takes_extracts(command: Command) -> Command:
    """Where deliveries lie; the same for a run, a refresh and the UI."""
    return click.option(
        "--extracts",
        type=click.Path(path_type=Path, file_okay=False, exists=True),
        help="Folder with <source>/<delivery>/manifest.json"
        f" [default: ${settings.EXTRACTS_VARIABLE}, else extracts/ in the home].",
    )(command)
