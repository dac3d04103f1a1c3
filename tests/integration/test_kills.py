"""A run that is killed anywhere is followed by one that ends as if nothing had happened."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from dagster_project import settings
from dagster_project.publishing import DATABASE
from tests.deliveries import contents

KILLED = """
import os, signal, sys
from dagster_project import gating, loading, publishing, warehouse
from dagster_project.defs import gates, raw, transformations
from dagster_project.cli import main

where = sys.argv[1]

def die(*arguments, **named):
    os.kill(os.getpid(), signal.SIGKILL)

def at(module, name, when=lambda *arguments: True, after=False):
    real = getattr(module, name)
    def instead(*arguments, **named):
        if when(*arguments) and not after:
            die()
        result = real(*arguments, **named)
        if when(*arguments):
            die()
        return result
    setattr(module, name, instead)

match where:
    case "raw":
        from dagster_project.loading import load
        at(raw, "register", lambda connection, contract, deliveries: contract.source == "crimes")
    case "gates":
        at(gates, "keep", after=True)
    case "dbt":
        at(transformations, "standing_at", after=True)
    case "warehouse":
        at(warehouse.Warehouse, "swap_in")
    case "publication":
        at(publishing, "_seal")
main(sys.argv[2:])
"""


def test_a_run_killed_at_five_assets_one_after_the_other_ends_like_an_undisturbed_one(
    shared_home: Path, few_extracts: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(shared_home / "state", home / "state")
    command = ["run", "--extracts", str(few_extracts), "--home", str(home)]
    environment = os.environ | {"PYTHONPATH": str(settings.REPOSITORY)}
    for where in ("raw", "gates", "dbt", "warehouse", "publication"):
        done = subprocess.run(
            [sys.executable, "-c", KILLED, where, *command], env=environment, capture_output=True, check=False
        )
        assert done.returncode == -signal.SIGKILL, (where, done.stdout.decode(), done.stderr.decode())
        assert not (home / "published" / "current").exists()
    whole = [sys.executable, "-m", "dagster_project.cli", *command]
    subprocess.run(whole, env=environment, capture_output=True, check=True)
    assert contents(home / "warehouse.duckdb") == contents(shared_home / "warehouse.duckdb")
    ours, theirs = (contents(one / "published" / "current" / DATABASE) for one in (home, shared_home))
    assert ours == theirs
    assert not [path for path in home.rglob("*") if ".making" in path.name or path.name.endswith(".loading")]
    assert not list(home.glob("warehouse.building*"))
