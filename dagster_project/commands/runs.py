"""The four-weekly run, and the refresh between two of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from dagster_project import settings
from dagster_project.commands.options import FAILED, Day, takes_extracts, takes_home
from dagster_project.progress import ShownProgress


@click.command(
    epilog="\b\nExamples:\n  throughline run --extracts build/force/extracts --home build/home"
    "\n  throughline run --cut-off 2024-12-03"
)
@takes_extracts
@click.option("--cut-off", type=Day(), help="Stand at this cut-off [default: the newest delivery's].")
@takes_home
@click.pass_context
def run(context: click.Context, extracts: Path | None, cut_off: date | None, home: Path | None) -> None:
    """The four-weekly run: load what was delivered, gate it, build the marts, publish."""
    _perform(context, settings.load(home, extracts), cut_off, is_refresh=False)


@click.command(epilog="\b\nExample:\n  throughline refresh --extracts build/force/extracts --home build/home")
@takes_extracts
@takes_home
@click.pass_context
def refresh(context: click.Context, extracts: Path | None, home: Path | None) -> None:
    """Take in what arrived between two cut-offs, and publish it for review; nothing is trained or scored."""
    _perform(context, settings.load(home, extracts), None, is_refresh=True)


def _perform(
    context: click.Context, here: settings.Settings, cut_off: date | None, *, is_refresh: bool
) -> None:
    from dagster_project.run import perform, summary  # late, so that help and refusals answer at once

    with ShownProgress() as progress:
        outcome = perform(here, progress, cut_off, is_refresh=is_refresh)
    click.echo(summary(here, outcome))
    if not outcome.succeeded:
        context.exit(FAILED)
