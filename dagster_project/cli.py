"""The `throughline` command: thin, calls what is below."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.metadata import version

import click

from dagster_project.commands.linking import link
from dagster_project.commands.options import FAILED, REFUSED, STOPPED
from dagster_project.commands.pages import docs, explore, ui
from dagster_project.commands.published import rollback, sql
from dagster_project.commands.runs import refresh, run
from dagster_project.commands.samples import samples
from dagster_project.commands.texts import code_text
from dagster_project.mistakes import MISTAKES
from data_samples.options import ForceError


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="\b\nExample:\n  throughline run --extracts build/force/extracts --home build/home",
)
@click.version_option(version("throughline"), message="throughline %(version)s")
def throughline() -> None:
    """Joins a police force's fragments about stalking into one explained, advisory timeline."""


for command in (run, refresh, sql, link, code_text, explore, rollback, docs, ui, samples):
    throughline.add_command(command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; whatever is refused is refused in one line on stderr."""
    try:
        outcome: object = throughline.main(arguments, prog_name="throughline", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return REFUSED
    except (ForceError, click.ClickException, *MISTAKES) as error:
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
