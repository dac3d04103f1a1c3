"""Pages to look at: the Dagster UI, the exploration, dbt's own documentation."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from dagster_project import settings
from dagster_project.commands.options import takes_extracts, takes_home
from dagster_project.progress import ShownProgress
from dagster_project.run import prepare_dagster_home


@click.command(epilog="\b\nExample:\n  throughline ui --port 3000")
@click.option("--port", type=click.IntRange(1, 65535), default=3000, show_default=True)
@takes_extracts
@takes_home
def ui(port: int, extracts: Path | None, home: Path | None) -> None:
    """Serve the Dagster UI on this machine only, until stopped with Ctrl-C."""
    here = settings.load(home, extracts)
    prepare_dagster_home(here)
    click.echo(f"Open http://127.0.0.1:{port} ; stop with Ctrl-C. Runs are kept in {here.dagster_home}")
    quiet = ["-W", "ignore:Function `dev_command` is superseded"]
    serve = [sys.executable, *quiet, "-m", "dagster", "dev", "-m", "dagster_project.definitions"]
    sys.stdout.flush()
    os.execve(
        sys.executable,
        [*serve, "--host", "127.0.0.1", "--port", str(port)],
        settings.child_environment(here),
    )


@click.command(epilog="\b\nExample:\n  throughline explore --home build/home --out build/explored")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the page, the figures and the proposals [default: explored/ in the home].",
)
@takes_home
def explore(out: Path | None, home: Path | None) -> None:
    """Profile every source of the warehouse in pictures, and propose what to expect of it."""
    from dagster_project.contracts import load_contracts  # late, so that help answers at once
    from dagster_project.exploring import explore as look
    from dagster_project.exploring import summary, write
    from dagster_project.reports import SYNTHETIC
    from dagster_project.warehouse import Warehouse, WarehouseError

    here = settings.load(home)
    if not here.warehouse.exists():
        raise WarehouseError(f"{here.warehouse} is not there yet; `throughline run` builds it")
    with ShownProgress() as progress, Warehouse(here).standing() as connection:
        profile = look(connection, load_contracts(), progress)
    click.echo(summary(profile, write(profile, out or here.explored, SYNTHETIC)))


@click.command(epilog="\b\nExample:\n  throughline docs --home build/home")
@takes_home
def docs(home: Path | None) -> None:
    """Write dbt's page about the warehouse, and the data dictionary where it has changed."""
    from dagster_project.dbt_manifest import run_dbt  # late, so that help answers at once
    from dagster_project.dictionary import write

    here = settings.load(home)
    here.dbt_target.mkdir(parents=True, exist_ok=True)
    run_dbt(here, "docs", "generate", "--static", "--vars", '{"cut_off": "2999-12-31"}')
    click.echo(here.dbt_target / "static_index.html")
    dictionary = settings.REPOSITORY / "docs" / "data_dictionary.md"
    click.echo(f"{dictionary} {'written anew' if write(dictionary) else 'is current'}")
