"""Making and checking the synthetic force."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from dagster_project.commands.options import FAILED, Day, takes_home
from dagster_project.progress import ShownProgress
from data_samples.options import DEFAULT_END, SHOCKS, ForceOptions


@click.group(epilog="\b\nExample:\n  throughline samples check build/force")
def samples() -> None:
    """A whole synthetic police force, to build and test on: no real record may ever be used."""


@samples.command(
    epilog="\b\nExample:\n  throughline samples make --out build/force --scale 0.01 --focus 0.5 --seed 5"
)
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="Folder to write, empty or not there yet: extracts/ and, apart from it, truth/.",
)
@click.option(
    "--scale",
    type=float,
    default=0.01,
    show_default=True,
    help="Share of a full force of three million people, 0.001 to 1.",
)
@click.option("--focus", type=float, help="Share of the stalking courses, 0.001 to 1 [default: the scale].")
@click.option("--seed", type=int, default=1, show_default=True, help="Same arguments, same bytes.")
@click.option("--years", type=int, default=10, show_default=True, help="Years the force covers.")
@click.option(
    "--deliveries", type=int, default=13, show_default=True, help="Four-weekly deliveries after the first."
)
@click.option("--end", type=Day(), default=DEFAULT_END, show_default=True, help="Last day of the force.")
@click.option(
    "--shock",
    default="none",
    show_default=True,
    metavar="NAME",
    help=f"A change for monitoring to find: {', '.join(SHOCKS)}.",
)
@click.option("--shock-at", type=Day(), help="Day on which the shock starts.")
@click.option("--shock-size", type=float, default=1.0, show_default=True, help="Its size; 1 is plain to see.")
@takes_home
def make(
    out: Path,
    scale: float,
    focus: float | None,
    seed: int,
    years: int,
    deliveries: int,
    end: date,
    shock: str,
    shock_at: date | None,
    shock_size: float,
    home: Path | None,
) -> None:
    """Make a force: thirteen kinds of extract as police systems deliver them, and the truth apart."""
    options = ForceOptions(
        out=out,
        scale=scale,
        focus=focus,
        seed=seed,
        years=years,
        deliveries=deliveries,
        end=end,
        shock=shock,
        shock_at=shock_at,
        shock_size=shock_size,
    )
    options.validate()
    from data_samples.force import make_force  # late, so that help and refusals answer at once

    with ShownProgress() as progress:
        summary = make_force(options, progress)
    click.echo(summary.render())


@samples.command(epilog="\b\nExample:\n  throughline samples check build/force")
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@takes_home
@click.pass_context
def check(context: click.Context, directory: Path, home: Path | None) -> None:
    """Compare a force with each published figure that it can show; exit 1 if any fails."""
    from data_samples.check.table import CheckError, render  # late, as above
    from data_samples.check.table import check as check_force

    try:
        table = check_force(directory)
    except CheckError as error:
        raise click.ClickException(str(error)) from error
    click.echo(render(table))
    if not table.passed:
        context.exit(FAILED)
