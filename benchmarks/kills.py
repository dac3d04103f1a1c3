"""What a run leaves that is killed at each asset, and whether the next run ends like an undisturbed one."""

from __future__ import annotations

import hashlib
import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from benchmarks.samples import machine
from dagster_project import settings
from dagster_project.publishing import DATABASE
from data_samples.force import make_force
from data_samples.options import ForceOptions
from tests.deliveries import contents

ROOT: Final = Path(__file__).resolve().parents[1]
RESULTS: Final = ROOT / "benchmarks" / "results" / "kills.json"
PLACE: Final = ROOT / "build" / "bench-kills"
SIZE: Final = ForceOptions(out=PLACE / "force", scale=0.001, focus=0.005, seed=5, years=5, deliveries=2)
EXTRACTS: Final = PLACE / "force" / "extracts"
KINDS: Final = {".py", ".sql", ".yml", ".yaml", ".csv", ".json"}
MIDDLES: Final = ("raw", "gates", "swap", "seal")
"""Points within an asset; the others are where its work is done and not yet written down."""

Measured = dict[str, Any]
Held = dict[str, tuple[int, str]]


def points() -> Iterator[str]:
    """Every step of a run, and for each dbt model the moment when dbt speaks of it."""
    from dagster_project.definitions import defs  # late: it has dbt parse the project

    graph = defs.resolve_asset_graph()
    nodes = [graph.get(key) for key in sorted(graph.materializable_asset_keys)]
    made = [node for node in nodes if node.group_name != "samples"]
    yield from dict.fromkeys(
        f"dbt:{node.key.path[-1]}" if "dbt" in node.kinds else node.assets_def.op.name for node in made
    )
    yield from MIDDLES


def fingerprint() -> str:
    """What a run consists of: results of another product are not taken over."""
    digest = hashlib.sha256(repr(SIZE).encode())
    for folder in ("dagster_project", "dbt_models", "expectations", "ml"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in KINDS and "target" not in path.parts:
                digest.update(path.read_bytes())
    return digest.hexdigest()


def held(home: Path) -> tuple[Held, Held]:
    """Everything in the warehouse, and everything that is published."""
    return contents(home / "warehouse.duckdb"), contents(home / "published" / "current" / DATABASE)


class Runs:
    """A process that performs runs, killed or whole, each in a fork of itself."""

    def __init__(self) -> None:
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.killing"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.run(PLACE / "nowhere", EXTRACTS.with_name("nothing"))  # refused: by then everything is imported

    def run(self, home: Path, extracts: Path, point: str = "") -> tuple[int, float]:
        """How a run ended, and after how many seconds."""
        begun = time.perf_counter()
        assert self._server.stdin and self._server.stdout
        self._server.stdin.write(f"{home}\t{extracts}\t{point}\n")
        self._server.stdin.flush()
        return int(self._server.stdout.readline()), time.perf_counter() - begun

    def end(self) -> None:
        """No more runs."""
        self._server.communicate()


def kill_at(runs: Runs, point: str, undisturbed: Path, then: tuple[Held, Held]) -> Measured:
    """Kill a first run at the point, run again, and compare every table."""
    home = PLACE / "killed"
    shutil.rmtree(home, ignore_errors=True)
    for kept in ("state", "dbt"):  # the same key gives the same pseudonyms; what dbt parsed is the same
        shutil.copytree(undisturbed / kept, home / kept)
    code, _ = runs.run(home, EXTRACTS, point)
    left = (home / "published" / "current").exists()
    again, seconds = runs.run(home, EXTRACTS)
    return {
        "point": point,
        "is_killed": code == -signal.SIGKILL,
        "half_published": left,
        "next_run": again,
        "seconds": round(seconds, 1),
        "is_the_same": again == 0 and held(home) == then,
        "left_behind": sorted(
            path.name
            for path in home.rglob("*")
            if path.name.endswith((".making", ".loading", ".building.duckdb"))
        ),
    }


def main() -> None:
    """Go through every point; what was measured of this product before is kept."""
    console = Console()
    settings.tell_children(settings.load(PLACE / "undisturbed"))
    mark, partial = fingerprint(), PLACE / "measured.json"
    known: Measured = json.loads(partial.read_text("utf-8")) if partial.exists() else {}
    if known.get("fingerprint") != mark:
        shutil.rmtree(PLACE, ignore_errors=True)
        known = {"fingerprint": mark, "kills": {}}
        make_force(SIZE, lambda stage, done, expected: None)
    runs = Runs()
    undisturbed = PLACE / "undisturbed"
    if not (undisturbed / "published" / "current").exists():
        code, known["floor_seconds"] = runs.run(undisturbed, EXTRACTS)
        if code:
            sys.exit(f"benchmarks: an undisturbed run ended with {code}")
    then = held(undisturbed)
    for point in points():
        if point not in known["kills"]:
            console.print(f"killed at {point} ...")
            known["kills"][point] = kill_at(runs, point, undisturbed, then)
            partial.write_text(json.dumps(known), "utf-8")
    runs.end()
    kills: list[Measured] = list(known["kills"].values())
    RESULTS.write_text(
        json.dumps(
            {
                "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
                "machine": machine(),
                "force": {"scale": SIZE.scale, "focus": SIZE.focus, "seed": SIZE.seed},
                "floor_seconds": round(float(known["floor_seconds"]), 1),
                "kills": kills,
            },
            indent=1,
        )
        + "\n",
        "utf-8",
    )
    console.print(table(kills))
    good = sum(one["is_killed"] and one["is_the_same"] and not one["left_behind"] for one in kills)
    console.print(f"{good} of {len(kills)} kills were followed by a run like an undisturbed one")


def table(kills: list[Measured]) -> Table:
    """One line for each point."""
    shown = Table(
        "killed at", "was killed", "half published", "next run", "same in every table", "left behind", "s"
    )
    for one in kills:
        shown.add_row(
            str(one["point"]),
            *("yes" if one[name] else "no" for name in ("is_killed", "half_published")),
            "ended well" if one["next_run"] == 0 else f"failed with {one['next_run']}",
            "yes" if one["is_the_same"] else "no",
            ", ".join(one["left_behind"]) or "nothing",
            f"{one['seconds']:.0f}",
        )
    return shown


if __name__ == "__main__":
    main()
