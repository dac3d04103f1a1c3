"""What the prose says: any file of texts, coded, and what a change of the lists did to it."""

from __future__ import annotations

from pathlib import Path

import click

from dagster_project.commands.options import takes_home
from dagster_project.progress import ShownProgress

SHOWN = 20


@click.command(
    name="code-text",
    epilog="\b\nA file of texts:\n  id,text\n  1,Sus has been ringing IP day and night."
    "\n\n\b\nExamples:\n  throughline code-text --in texts.csv --out codes.csv"
    "\n  throughline code-text --in texts.csv --out new.csv --compare codes.csv",
)
@click.option(
    "--in", "texts", required=True, type=click.Path(path_type=Path, dir_okay=False),
    help="A CSV file with the columns id and text.",
)  # fmt: skip
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, dir_okay=False),
    help="Written: a row for each code, id,code,start,end,polarity,actor,rule.",
)  # fmt: skip
@click.option(
    "--compare", type=click.Path(path_type=Path, dir_okay=False),
    help="An earlier coding of the same texts: say which changed code, and why.",
)  # fmt: skip
@takes_home
def code_text(texts: Path, out: Path, compare: Path | None, home: Path | None) -> None:
    """Code a file of texts: behaviours and circumstances, each with the words that show it.

    `polarity` is `affirmed` for what a text says happened; start and end count characters from 0.
    """
    from dagster_project.coding import code_file, compare_files  # late, so that help answers at once

    for needed in (texts, *([compare] if compare else [])):
        if not needed.is_file():
            raise click.UsageError(f"{needed} is not there")
    if not out.absolute().parent.is_dir():
        raise click.UsageError(f"{out.parent} is not there, so {out.name} could not be written")
    with ShownProgress() as progress:
        summary = code_file(texts, out, progress)
    passed = "; ".join(f"{count:,} {why}" for why, count in sorted(summary.passed_over.items()))
    click.echo(f"{summary.texts:,} texts, {summary.codes:,} codes: {out}")
    if passed:
        click.echo(f"Passed over: {passed}.")
    if compare:
        changed = compare_files(compare, out)
        for row in changed.head(SHOWN).iter_rows(named=True):
            click.echo(f"{row['id']}: {row['code']} {row['change']}: {row['before']} -> {row['now']}")
        click.echo(f"{min(SHOWN, changed.height):,} of {changed.height:,} changes shown.")
