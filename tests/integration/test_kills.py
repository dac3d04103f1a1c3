"""A run that is killed anywhere is followed by one that ends as if nothing had happened."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path

from dagster_project import settings
from dagster_project.cli import main
from dagster_project.publishing import DATABASE
from tests.deliveries import contents

POINTS = ("raw", "gates", "dbt:mart_crimes", "swap", "seal")


def test_a_run_killed_at_five_assets_one_after_the_other_ends_like_an_undisturbed_one(
    shared_home: Path, few_extracts: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(shared_home / "state", home / "state")
    command = [sys.executable, "-m", "tests.killing"]
    runs = "".join(f"{home}\t{few_extracts}\t{point}\n" for point in POINTS)
    done = subprocess.run(
        command, input=runs, cwd=settings.REPOSITORY, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == [str(-signal.SIGKILL)] * len(POINTS), done.stderr
    assert not (home / "published" / "current").exists()
    assert main(["run", "--extracts", str(few_extracts), "--home", str(home)]) == 0
    assert contents(home / "warehouse.duckdb") == contents(shared_home / "warehouse.duckdb")
    ours, theirs = (contents(one / "published" / "current" / DATABASE) for one in (home, shared_home))
    assert ours == theirs
    assert not [path for path in home.rglob("*") if ".making" in path.name or path.name.endswith(".loading")]
    assert not list(home.glob("warehouse.building*"))
