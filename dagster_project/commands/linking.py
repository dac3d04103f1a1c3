"""Who is who: weights, any table of people, and the pairs that a person decides."""

from __future__ import annotations

from pathlib import Path

import click

from dagster_project import settings
from dagster_project.commands.options import takes_home
from dagster_project.progress import ShownProgress


@click.group(
    epilog="\b\nExample:\n  throughline link review --home build/home",
)
def link() -> None:
    """Work out who is who, and decide where the machine may not."""


@link.command(epilog="\b\nExample:\n  throughline link train --home build/home")
@takes_home
def train(home: Path | None) -> None:
    """Learn weights and how common names are from this home's records, and freeze them for its next run.

    Nothing but this command ever changes weights. After it the next run links everything anew.
    """
    from dagster_project.identity import train_model  # late, so that help and refusals answer at once

    here = settings.load(home)
    with ShownProgress() as progress:
        model = train_model(here, progress)
    click.echo(f"Weights {model.version} in {here.models / 'linkage'}; the next run uses them.")


@link.command(
    epilog="\b\nA map, map.yml:\n  id: rec_id\n  forename: given_name\n  surname: surname"
    '\n  date_of_birth: {column: date_of_birth, format: "%Y%m%d"}'
    "\n  address: [street_number, address_1]\n  postcode: postcode"
    "\n\n\b\nExample:\n  throughline link run --in people.csv --columns map.yml --out persons.csv"
)
@click.option(
    "--in",
    "people",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="A table of people.",
)
@click.option(
    "--against", type=click.Path(path_type=Path, dir_okay=False), help="A second one, with the same columns."
)
@click.option(
    "--columns", required=True, type=click.Path(path_type=Path, dir_okay=False), help="Which column is what."
)
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="Written: who is who."
)
@click.option(
    "--weights",
    default="own",
    show_default=True,
    help="own: learned from the table; shipped: those of the product; or a folder that `link train` wrote.",
)
@takes_home
def run(
    people: Path, against: Path | None, columns: Path, out: Path, weights: str, home: Path | None
) -> None:
    """Link any table of people: one row for each record, with the person it is of."""
    from dagster_project.identity import link_people

    if not out.absolute().parent.is_dir():
        raise click.UsageError(f"{out.parent} is not there, so {out.name} could not be written")
    with ShownProgress() as progress:
        found = link_people(
            settings.load(home), [people, *([against] if against else [])], columns, weights, progress
        )
    found.write_csv(out)
    click.echo(f"{found.height:,} records are {found['person_id'].n_unique():,} persons: {out}")


@link.command(
    epilog="\b\nExamples:\n  throughline link review --limit 20\n  throughline link review --out review.csv"
)
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="Pairs shown.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write every pair there, with names."
)
@takes_home
def review(limit: int, out: Path | None, home: Path | None) -> None:
    """The pairs that a person has to decide, strongest first; with names only where written to a file."""
    from dagster_project.identity import review_list

    pairs = review_list(settings.load(home))
    if out:
        out.touch(mode=0o600)
        pairs.write_csv(out)
        click.echo(f"{pairs.height:,} pairs in {out}. It holds names: keep it where names belong.")
        return
    for row in pairs.head(limit).iter_rows(named=True):
        click.echo(f"{row['nominal_id']} and {row['other_nominal_id']}: {row['why']}\n  {row['evidence']}")
    click.echo(
        f"{min(limit, pairs.height):,} of {pairs.height:,} pairs. Decide one with `throughline link decide`."
    )


@link.command(
    epilog="\b\nExample:\n  throughline link decide N1000000001 D1000000002 same --by 'A. Officer'"
    " --why 'the same fingerprints'"
)
@click.argument("nominal")
@click.argument("other")
@click.argument("verdict", type=click.Choice(["same", "different"]))
@click.option("--by", required=True, help="Who decided.")
@click.option("--why", required=True, help="On what evidence.")
@takes_home
def decide(nominal: str, other: str, verdict: str, by: str, why: str, home: Path | None) -> None:
    """Say that two nominals are one person, or two: the next run heeds it before the machine."""
    from dagster_project.identity import decide as kept

    kept(settings.load(home), (nominal, other), verdict, by, why)
    click.echo(f"Kept: {nominal} and {other} are {verdict}. The next run heeds it.")
