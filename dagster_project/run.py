"""The four-weekly run and the refresh, performed through Dagster in this process."""

from __future__ import annotations

import fcntl
import json
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, redirect_stdout, suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from dagster_project.cycles import checked, day_after, latest_for
from dagster_project.dbt_manifest import DbtProjectError, manifest_path
from dagster_project.settings import Settings, tell_children
from dagster_project.warehouse import Warehouse, rows

Tell = Callable[[str, int, int], None]
WHO = "identity/person_nominals"
PROSE = "coded/text_codes"


class RunRefused(Exception):
    """The run was not started, and why."""


@dataclass(frozen=True)
class RunOutcome:
    """How a run ended."""

    as_of: date
    succeeded: bool
    failures: tuple[str, ...] = ()
    run_id: str = ""
    published: dict[str, Any] = field(default_factory=dict[str, Any])
    arrived: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    who: dict[str, Any] = field(default_factory=dict[str, Any])
    prose: dict[str, Any] = field(default_factory=dict[str, Any])


@contextmanager
def alone(here: Settings) -> Generator[None]:
    """One run at a time: a second is refused, not queued."""
    here.home.mkdir(parents=True, exist_ok=True)
    with (here.home / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RunRefused(f"a run is at work in {here.home}; start again when it has ended") from error
        yield


def newest_known(here: Settings) -> datetime | None:
    """When the newest delivery was received, among what lies ready and what has been loaded."""
    ready = [*here.extracts.glob("*/*/manifest.json"), *here.deliveries.glob("*/[!.]*/manifest.json")]
    received = [moment for path in ready if (moment := _received(path)) is not None]
    return max(received, default=None)


def _received(manifest: Path) -> datetime | None:
    """The receipt that a manifest tells, if it can be read: a broken one is refused later, in words."""
    try:
        told: Any = json.loads(manifest.read_text(encoding="utf-8"))
        return datetime.fromisoformat(str(told["received_at"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def perform(
    here: Settings, tell: Tell, cut_off: date | None = None, *, is_refresh: bool = False
) -> RunOutcome:
    """Everything from what was delivered to what is published; a refresh stands at the newest delivery."""
    newest = newest_known(here)
    if newest is None:
        raise RunRefused(
            f"there is no delivery in {here.extracts}: it must hold <source>/<delivery>/manifest.json; "
            "name the folder with --extracts"
        )
    latest = latest_for(newest)
    partition = latest if cut_off is None else checked(cut_off)
    as_of = day_after(newest) if is_refresh else partition
    with alone(here):
        return _materialise(here, tell, partition, as_of)


def _materialise(here: Settings, tell: Tell, partition: date, as_of: date) -> RunOutcome:
    tell("starting Dagster", 0, 0)
    tell_children(here)
    parsing = threading.Thread(target=_parse, args=(here, as_of))
    parsing.start()
    import dagster as dg

    parsing.join()
    from dagster_project.definitions import defs
    from dagster_project.defs.cycle import AS_OF_TAG, everything
    from dagster_project.defs.resources import dbt_of

    prepare_dagster_home(here)
    assets = [asset for asset in defs.assets or [] if isinstance(asset, dg.AssetsDefinition)]
    # what dbt says to a terminal is kept in a file: the summary says what a person needs of it
    with (
        dg.DagsterInstance.from_config(str(here.dagster_home)) as instance,
        (here.dagster_home / "dbt.log").open("w") as said,
        redirect_stdout(said),
    ):
        result = dg.materialize(
            assets,
            instance=instance,
            selection=everything,
            partition_key=partition.isoformat(),
            resources={"here": here, "tell": tell, "dbt": dbt_of(here)},
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            tags={AS_OF_TAG: as_of.isoformat()},
            raise_on_error=False,
        )
    told = {
        event.asset_key.path[-1] if event.asset_key.path[0] == "raw" else "/".join(event.asset_key.path): {
            name: value.value for name, value in event.materialization.metadata.items()
        }
        for event in result.get_asset_materialization_events()
        if event.asset_key is not None
        and (
            event.asset_key.path[0] in {"raw", "publication"}
            or "/".join(event.asset_key.path) in (WHO, PROSE)
        )
    }
    published, who, prose = (told.pop(name, {}) for name in ("publication", WHO, PROSE))
    failures = () if result.success else _failures(result)
    return RunOutcome(as_of, result.success, failures, result.run_id, published, told, who, prose)


def prepare_dagster_home(here: Settings) -> None:
    """Dagster's own settings, as they stand in the repository."""
    here.dagster_home.mkdir(parents=True, exist_ok=True)
    text = Path(__file__).with_name("dagster.yaml").read_bytes()
    (here.dagster_home / "dagster.yaml").write_bytes(text)


def _parse(here: Settings, as_of: date) -> None:
    """Let dbt parse while this process imports Dagster; the definitions tell what dbt finds wrong."""
    with suppress(DbtProjectError):
        manifest_path(here, as_of)


def _failures(result: Any) -> tuple[str, ...]:
    """What stopped the run, a sentence each: failed checks that block, then steps that broke."""
    said = [
        f"{'/'.join(check.asset_key.path)}: {check.metadata['why'].value}"
        for check in result.get_asset_check_evaluations()
        if not check.passed and check.severity.value == "ERROR" and "why" in check.metadata
    ]
    if said:
        return tuple(said)
    for event in (event for event in result.all_events if event.is_step_failure):
        error = event.step_failure_data.error
        while error.cause is not None:
            error = error.cause
        said.append(f"{event.step_key}: {' '.join(error.message.split())}")
    return tuple(said)


def summary(here: Settings, outcome: RunOutcome) -> str:
    """What arrived, what was refused and why, what was published, where to look next."""
    from dagster_project.reports import judged_so_far
    from dagster_project.summary import render

    store = Warehouse(here)
    page = None if outcome.succeeded else judged_so_far(here)
    with store.standing() if outcome.succeeded else store.building() as connection:
        return render(here, outcome, lambda query: rows(connection, query), page)
