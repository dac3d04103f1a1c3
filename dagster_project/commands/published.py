"""Asking what is published, and going back to what was published before."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import click

from dagster_project import settings
from dagster_project.commands.options import takes_home
from dagster_project.publishing import manifest_of, roll_back
from dagster_project.query import TABLES, Form, ask


@click.command(
    epilog="\b\nExamples:\n  throughline sql                                  lists the tables"
    '\n  throughline sql "describe mart_crimes"           lists a table\'s columns'
    '\n  throughline sql --form csv "from mart_crimes" > crimes.csv'
)
@click.argument("question", required=False)
@click.option("--form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True)
@click.option("--limit", type=click.IntRange(1), help="Rows shown [default: 100; all with csv or json].")
@click.option(
    "--seconds", type=click.FloatRange(0.001), default=60.0, show_default=True, help="Then it is stopped."
)
@takes_home
def sql(question: str | None, form: str, limit: int | None, seconds: float, home: Path | None) -> None:
    """Ask the published marts in SQL: read-only, no other file, bounded in time and memory."""
    rows = limit or (100 if form == "table" else 10**9)
    answer = ask(settings.load(home).published, question or TABLES, limit=rows, seconds=seconds)
    click.echo(answer.render(cast(Form, form)))


@click.command(epilog="\b\nExample:\n  throughline rollback --to 2024-12-03-0001")
@click.option("--to", metavar="VERSION", help="This publication [default: the one before the current].")
@takes_home
def rollback(to: str | None, home: Path | None) -> None:
    """Show readers an earlier publication again; nothing is deleted."""
    published = settings.load(home).published
    version = roll_back(published, to)
    told = manifest_of(published, version)
    rows = sum(table["rows"] for table in told["tables"])
    click.echo(f"Readers see {version} again: {len(told['tables'])} tables, {rows:,} rows.")
