"""dbt's own manifest of the project, parsed again when, and only when, a file of it has changed."""

from __future__ import annotations

import fcntl
import json
import subprocess
import sys
from datetime import date
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from dagster_project import settings
from dagster_project.settings import Settings


class DbtProjectError(Exception):
    """The dbt project does not parse; what dbt says of it."""


def fingerprint(project: Path) -> str:
    """Changes with any file that dbt reads, with dbt, and with the engine it builds in."""
    digest = sha256("".join(map(version, ("dbt-core", "dbt-duckdb", "duckdb"))).encode())
    for path in sorted(project.rglob("*")):
        if path.suffix in {".yml", ".sql", ".csv", ".md"} and "target" not in path.parts:
            digest.update(path.relative_to(project).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def manifest_path(here: Settings, as_of: date | None = None) -> Path:
    """The manifest, made first if it is missing or old; told the day, dbt builds without parsing anew.

    Whoever else asks meanwhile, as a second process of Dagster's does, waits rather than read the half of it.
    """
    path, stamp = here.dbt_target / "manifest.json", here.dbt_target / "parsed"
    now = fingerprint(here.dbt_project)
    here.dbt_target.mkdir(parents=True, exist_ok=True)
    with (here.dbt_target / "parse.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (path.exists() and stamp.exists() and stamp.read_text() == now):
            told = ["--vars", cut_off_of(as_of)] if as_of else []
            run_dbt(here, "parse", *told, warehouse=here.building)
            stamp.write_text(now)
    return path


def read_manifest(here: Settings) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(manifest_path(here).read_text(encoding="utf-8"))
    return told


def cut_off_of(as_of: date) -> str:
    """dbt's variables for a day."""
    return f'{{"cut_off": "{as_of.isoformat()}"}}'


def dbt_command(here: Settings, *arguments: str) -> list[str]:
    """dbt on this project, as a process is started; it reads and writes where `here` says."""
    command = [sys.executable, "-m", "dbt.cli.main", "--quiet", *arguments]
    folders = ["--project-dir", here.dbt_project, "--profiles-dir", here.dbt_project]
    written = ["--target-path", here.dbt_target, "--log-path", here.dbt_target / "logs"]
    return [*command, *map(str, folders), *map(str, written)]


def run_dbt(here: Settings, *arguments: str, warehouse: Path | None = None) -> None:
    """One dbt command on the standing warehouse, in a process of its own; what dbt says is the error."""
    done = subprocess.run(
        dbt_command(here, *arguments),
        env=settings.child_environment(here)
        | {settings.WAREHOUSE_VARIABLE: str(warehouse or here.warehouse)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = " ".join((done.stdout + done.stderr).split())
        raise DbtProjectError(f"dbt {arguments[0]} failed: {said}")
