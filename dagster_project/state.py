"""What people decide: a small SQLite file in the home that no run ever rewrites."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import polars as pl

from dagster_project.settings import Settings
from ml.linkage.mistakes import LinkingError

SCHEMA: Final = Path(__file__).with_name("sql") / "state_tables.sql"
VERDICTS: Final = ("same", "different")


@contextmanager
def opened(here: Settings) -> Generator[sqlite3.Connection]:
    """The state, made where there is none; whatever is done in it is kept whole or not at all."""
    here.state.mkdir(parents=True, exist_ok=True, mode=0o700)
    with closing(sqlite3.connect(here.state / "state.sqlite", timeout=10)) as connection, connection:
        connection.executescript(SCHEMA.read_text(encoding="utf-8"))
        yield connection


def decide_link(
    here: Settings, nominals: tuple[str, str], verdict: str, by: str, why: str, known_from_at: datetime
) -> None:
    """Keep what somebody decided of two nominals; the newest word counts, and every word is kept.

    In the force's own time a decision stands where the newest delivery stood: the next run must see it.
    """
    one, other = sorted(nominals)
    if one == other:
        raise LinkingError(f"{one} is one nominal; name two, as in `throughline link decide N100 D200 same`")
    if verdict not in VERDICTS:
        raise LinkingError(f"{verdict!r} is no verdict; say {' or '.join(VERDICTS)}")
    if not by.strip() or not why.strip():
        raise LinkingError("a decision needs a name and a reason: --by and --why")
    now = datetime.now(UTC).replace(tzinfo=None)
    row = (one, other, verdict, known_from_at.isoformat(" "), now.isoformat(" "), by.strip(), why.strip())
    with opened(here) as connection:
        connection.execute("insert into link_decisions values (?, ?, ?, ?, ?, ?, ?)", row)


def link_decisions(here: Settings) -> pl.DataFrame:
    """The decision that counts on two nominals and from each moment, the last that was made; oldest first."""
    with opened(here) as connection:
        rows = connection.execute("select * from link_decisions order by decided_at, rowid").fetchall()
    names = ("nominal_id", "other_nominal_id", "verdict", "known_from_at", "decided_at", "decided_by", "why")
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    of_a_moment = ["nominal_id", "other_nominal_id", "known_from_at"]
    return frame.unique(of_a_moment, keep="last", maintain_order=True).with_columns(
        pl.col("known_from_at").str.to_datetime(time_unit="us")
    )
