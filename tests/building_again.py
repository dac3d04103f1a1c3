"""Homes built step by step in this process: many are built in the time that a few runs need to start.

dbt's start is most of what a small build costs. Here it is imported once, and reads the project as a run
parsed it.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import polars as pl
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest

from dagster_project import built
from dagster_project.contracts import load_contracts
from dagster_project.dbt_manifest import cut_off_of
from dagster_project.identity import identify
from dagster_project.loading import load_source
from dagster_project.prose import code_prose
from dagster_project.register import register
from dagster_project.settings import Settings, child_environment
from dagster_project.warehouse import Warehouse, quoted
from tests.taking_away import TakenAway

READ_BETWEEN: Final = ("+idn_nominals__sightings", "+cod_texts")
CUT_OFF: Final = "macro.throughline.cut_off"


class Dbt:
    """dbt on the project as a home's last run parsed it; its tests are not run."""

    def __init__(self, home: Path) -> None:
        self._manifest: Any = Manifest.from_msgpack((home / "dbt" / "partial_parse.msgpack").read_bytes())
        self._manifest.build_flat_graph()

    @property
    def asks_for_the_cut_off(self) -> list[str]:
        """The models that do, and all that come of them."""
        nodes = self._manifest.nodes.values()
        return [
            f"{node.name}+"
            for node in nodes
            if node.resource_type == "model" and CUT_OFF in node.depends_on.macros
        ]

    def build(self, here: Settings, moment: datetime, *select: str) -> None:
        """Models and seeds in the building of a home, as known at a moment."""
        folders = {"project": here.dbt_project, "profiles": here.dbt_project}
        told = [word for name, path in folders.items() for word in (f"--{name}-dir", str(path))]
        told += [
            "--target-path",
            str(here.dbt_target),
            "--log-level-file",
            "none",
            "--no-write-json",
            "--quiet",
        ]
        told += ["--resource-type", "model", "--resource-type", "seed", "--vars", cut_off_of(moment.date())]
        with patch.dict("os.environ", child_environment(here)):
            done = dbtRunner(manifest=self._manifest).invoke(["build", *told, *select])
            DuckDBConnectionManager.close_all_connections()
        results: Any = done.result
        assert done.success, done.exception or [one.message for one in results if one.status != "success"]


def build_from(here: Settings, moment: datetime, dbt: Dbt, taken: TakenAway, full: Path) -> None:
    """What a run does from its extracts to its marts, without gates and publication."""
    store = Warehouse(here)
    store.begin()
    contracts = load_contracts().values()
    for contract in contracts:
        load_source(contract, here.extracts, here.deliveries)
    with store.building() as connection:
        for contract in contracts:
            register(connection, contract, here.deliveries)
        called_as_in(connection, full, taken)
    dbt.build(here, moment, "--select", *READ_BETWEEN)
    with store.building() as connection:
        identify(here, connection, lambda *_: None)
        code_prose(connection, lambda *_: None)
    build_marts(here, moment, dbt, "--select", "fqn:*", "--exclude", *READ_BETWEEN)


def build_marts(here: Settings, moment: datetime, dbt: Dbt, *select: str) -> None:
    """The second half of dbt, which goes on from what it built last."""
    rules = built.rules_of(here.dbt_project)
    with Warehouse(here).building() as connection:
        anew = not built.begin(connection, rules)
    dbt.build(here, moment, *select, *(["--full-refresh"] if anew else []))
    with Warehouse(here).building() as connection:
        built.end(connection, rules, moment.date())


def called_as_in(connection: Any, full: Path, taken: TakenAway) -> None:
    """A shortened file has another hash and other lines: call its rows what the full one calls them."""
    names = ["source", "received_at", "file", "line", "was_line"]
    lines = pl.DataFrame(taken.lines, schema=names, orient="row")
    connection.register("given", lines.to_arrow())
    connection.execute("create table main.lines as select * from given")
    connection.unregister("given")
    connection.execute(f"attach {quoted(full)} as full_one (read_only)")
    theirs = "select source, received_at, delivery_id as was_id from full_one.meta.deliveries"
    ours = "select source, received_at, delivery_id from meta.deliveries"
    connection.execute(f"create table main.ids as from ({ours}) natural join ({theirs})")
    connection.execute("detach full_one")
    named = "update meta.deliveries set delivery_id = ids.was_id from main.ids as ids"
    connection.execute(f"{named} where deliveries.delivery_id = ids.delivery_id")
    views = connection.execute(
        "select view_name, sql from duckdb_views() where schema_name = 'raw'"
    ).fetchall()
    template = Path(__file__).with_name("called_as_before.sql").read_text("utf-8")
    for source, sql in views:
        loaded = re.sub(r"^CREATE VIEW .*? AS ", "", sql, count=1, flags=re.DOTALL).rstrip(";")
        connection.execute(template.format(source=source, loaded=loaded))
