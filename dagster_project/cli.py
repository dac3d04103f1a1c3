"""The `throughline` command: thin, calls what is below."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

import click

from dagster_project import settings
from dagster_project.progress import ShownProgress
from data_samples.options import DEFAULT_END, SHOCKS, ForceError, ForceOptions

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


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="\b\nExample:\n  throughline samples make --out build/force --scale 0.01 --focus 0.5",
)
@click.version_option(version("throughline"), message="throughline %(version)s")
def throughline() -> None:
    """Joins a police force's fragments about stalking into one explained, advisory timeline."""


@throughline.group(epilog="\b\nExample:\n  throughline samples check build/force")
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


@throughline.command(epilog="\b\nExample:\n  throughline ui --port 3000")
@click.option("--port", type=click.IntRange(1, 65535), default=3000, show_default=True)
@takes_home
def ui(port: int, home: Path | None) -> None:
    """Serve the Dagster UI on this machine only, until stopped with Ctrl-C."""
    here = settings.load(home)
    here.dagster_home.mkdir(parents=True, exist_ok=True)
    (here.dagster_home / "dagster.yaml").write_bytes(Path(__file__).with_name("dagster.yaml").read_bytes())
    click.echo(f"Open http://127.0.0.1:{port} ; stop with Ctrl-C. Runs are kept in {here.dagster_home}")
    quiet = ["-W", "ignore:Function `dev_command` is superseded"]
    serve = [sys.executable, *quiet, "-m", "dagster", "dev", "-m", "dagster_project.definitions"]
    sys.stdout.flush()
    os.execve(
        sys.executable,
        [*serve, "--host", "127.0.0.1", "--port", str(port)],
        settings.child_environment(here),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; whatever is refused is refused in one line on stderr."""
    try:
        outcome: object = throughline.main(arguments, prog_name="throughline", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return REFUSED
    except (ForceError, click.ClickException) as error:
        reason = error.format_message() if isinstance(error, click.ClickException) else str(error)
        click.echo(f"throughline: {' '.join(reason.split())}", err=True)
        return REFUSED
    except (click.Abort, KeyboardInterrupt):
        click.echo("throughline: stopped", err=True)
        return STOPPED
    except OSError as error:
        click.echo(f"throughline: {error.strerror or error}: {error.filename or ''}".rstrip(": "), err=True)
        return FAILED
    return outcome if isinstance(outcome, int) else 0


if __name__ == "__main__":
    sys.exit(main())
