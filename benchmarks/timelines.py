"""How long timelines take to build beside their SQL run bare, and how long after one more delivery."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import sys
import time
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from benchmarks.process_tree import watch
from benchmarks.samples import machine
from dagster_project import built, identity, settings, warehouse
from dagster_project.contracts import load_contracts
from dagster_project.dbt_manifest import cut_off_of, dbt_command, fingerprint, run_dbt
from dagster_project.loading import load_source
from dagster_project.register import register
from data_samples.force import make_force
from data_samples.options import ForceOptions
from tests.deliveries import contents

ROOT: Final = Path(__file__).resolve().parents[1]
RESULTS: Final = ROOT / "benchmarks" / "results" / "timelines.json"
PLACE: Final = ROOT / "build" / "bench-timelines"
SIGHTINGS: Final = "+idn_nominals__sightings"
TIMELINES: Final = ("+mart_dyad_timeline", "+mart_offender_timeline", "+dim_persons")
BEFORE, LATEST = date(2024, 12, 3), date(2024, 12, 31)

BESIDE_BARE: Final = 1.3
BESIDE_REBUILD: Final = 0.25

Measured = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """One force to build the timelines of."""

    scale: float
    focus: float
    seed: int
    deliveries: int = 13

    @property
    def name(self) -> str:
        return f"scale {self.scale:g}, focus {self.focus:g}"


FULL: Final = (Case(0.02, 0.02, 31), Case(0.06, 0.06, 31), Case(0.2, 0.2, 31))
QUICK: Final = (Case(0.001, 0.002, 31, 3), Case(0.002, 0.004, 31, 3))


def mark() -> str:
    """What the timelines consist of: results of other code are not taken over."""
    digest = hashlib.sha256(fingerprint(ROOT / "dbt_models").encode())
    for folder in ("ml/linkage", "data_samples", "benchmarks/timelines.py"):
        whole = ROOT / folder
        for path in sorted(whole.rglob("*")) if whole.is_dir() else [whole]:
            if path.suffix in {".py", ".yml", ".sql", ".csv", ".json"}:
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _silent(stage: str, done: int, expected: int) -> None:
    """Nobody looks."""


def known(here: settings.Settings, as_of: date) -> None:
    """Load what lies in the extracts and tell who is who: all that the timelines are built from."""
    with warehouse.Warehouse(here).building() as connection:
        for contract in load_contracts().values():
            load_source(contract, here.extracts, here.deliveries)
            register(connection, contract, here.deliveries)
    run_dbt(here, "build", "--select", SIGHTINGS, "--vars", cut_off_of(as_of), warehouse=here.building)
    with warehouse.Warehouse(here).building() as connection:
        identity.identify(here, connection, _silent)


def build(here: settings.Settings, as_of: date, *more: str) -> Measured:
    """Build the timelines and test them as a run does, in a process of its own."""
    chosen = ["--select", *TIMELINES, "--exclude", SIGHTINGS, "--indirect-selection", "buildable"]
    chosen += ["--exclude-resource-type", "unit_test"]
    os.sync()  # what was copied before is written before, and not meanwhile
    taken = watch(dbt_command(here, "build", *chosen, "--vars", cut_off_of(as_of), *more), ROOT)
    if taken.exit_code:
        sys.exit(f"benchmarks: dbt build failed:\n{taken.said}")
    told = json.loads((here.dbt_target / "run_results.json").read_text("utf-8"))
    seconds = {one["unique_id"]: one["execution_time"] for one in told["results"]}
    slowest = sorted(seconds.items(), key=lambda one: -one[1])[:12]
    return {
        "seconds": round(taken.seconds, 1),
        "seconds_in_models": round(
            sum(took for name, took in seconds.items() if name.startswith("model.")), 1
        ),
        "peak_megabytes": round(taken.peak_megabytes),
        "slowest": {name.split(".")[2]: round(took, 1) for name, took in slowest},
    }


def order_of(here: settings.Settings) -> list[tuple[str, str]]:
    """The relations of the timelines with their SQL as dbt compiled it, each after those that it reads."""
    nodes: Measured = json.loads((here.dbt_target / "manifest.json").read_text("utf-8"))["nodes"]
    results = json.loads((here.dbt_target / "run_results.json").read_text("utf-8"))["results"]
    found: list[tuple[str, str]] = []
    for one in results:
        node = nodes[one["unique_id"]]
        if node["resource_type"] == "model":
            kind = "view" if node["config"]["materialized"] == "view" else "table"
            text = f"create or replace {kind} {node['schema']}.{node['name']} as\n{one['compiled_code']}"
            found.append((one["timing"][-1]["completed_at"], text))
    return [(f"{number:03}", text) for number, (_, text) in enumerate(sorted(found))]


def bare(here: settings.Settings) -> Measured:
    """The floor: the same statements one after the other, in DuckDB alone, with as many threads."""
    folder = PLACE / "bare"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for number, text in order_of(here):
        (folder / f"{number}.sql").write_text(text, "utf-8")
    os.sync()
    taken = watch([sys.executable, "-m", "benchmarks.timelines", "--bare", str(here.building)], ROOT)
    if taken.exit_code:
        sys.exit(f"benchmarks: the bare statements failed:\n{taken.said}")
    told: Measured = json.loads(taken.said.splitlines()[-1])
    return told | {"peak_megabytes": round(taken.peak_megabytes)}


def run_bare(database: Path) -> None:
    """What the floor does, in a process of its own."""
    with warehouse.opened(database, scratch=PLACE / "scratch") as connection:
        connection.execute("set disabled_optimizers = 'build_side_probe_side'")  # as in dbt's profile
        begun = time.perf_counter()
        for path in sorted((PLACE / "bare").glob("*.sql")):
            connection.execute(path.read_text("utf-8"))
        seconds = time.perf_counter() - begun
    print(json.dumps({"seconds": round(seconds, 1)}))


def measure(case: Case) -> Measured:
    """Build without the last delivery of each source, then with it: by what it touches, anew, and bare."""
    shutil.rmtree(PLACE / "home", ignore_errors=True)
    shutil.rmtree(PLACE / "force", ignore_errors=True)
    make_force(ForceOptions(out=PLACE / "force", **asdict(case)), _silent)
    later = held_back(PLACE / "force" / "extracts")
    here = settings.load(PLACE / "home", PLACE / "force" / "extracts")
    here.home.mkdir(parents=True)
    settings.tell_children(here)
    rules = fingerprint(here.dbt_project)
    known(here, BEFORE)
    build(here, BEFORE, "--full-refresh")
    with warehouse.Warehouse(here).building() as connection:
        built.end(connection, rules, BEFORE)
    for folder in later:
        folder.rename(here.extracts / folder.parent.name / folder.name)
    known(here, LATEST)
    ready = here.home / "ready.duckdb"
    shutil.copyfile(here.building, ready)
    one_more = build(here, LATEST)
    after = timelines_of(here)
    shutil.copyfile(ready, here.building)
    anew = build(here, LATEST, "--full-refresh")
    is_the_same = timelines_of(here) == after
    shutil.copyfile(ready, here.building)
    floor = bare(here)
    with warehouse.opened(here.building, read_only=True) as connection:
        [[events]] = connection.execute("select count(*) from core.fct_events").fetchall()
    return {
        "events": int(events),
        "rebuild": anew,
        "bare": floor,
        "one_more_delivery": one_more | {"is_the_same_in_every_table": is_the_same},
    }


def held_back(extracts: Path) -> list[Path]:
    """The last delivery of each source, taken out of the extracts."""
    later: list[Path] = []
    for source in sorted(path for path in extracts.iterdir() if path.is_dir()):
        last = max(path for path in source.iterdir() if path.is_dir())
        to = PLACE / "force" / "later" / source.name / last.name
        to.parent.mkdir(parents=True)
        later.append(last.rename(to))
    return later


def timelines_of(here: settings.Settings) -> dict[str, tuple[int, str]]:
    """Every table that a build of timelines writes, but the lists of what it had to do."""
    held = contents(here.building, ("intermediate", "core", "marts"))
    return {name: rows for name, rows in held.items() if "int_touched__" not in name}


def goals(cases: dict[str, Measured]) -> dict[str, str]:
    """Each goal: held or short, and by what figure."""
    said: dict[str, str] = {}
    for name, case in cases.items():
        anew, floor, more = (case[part]["seconds"] for part in ("rebuild", "bare", "one_more_delivery"))
        for goal, share, asked in (
            ("rebuild beside bare", anew / floor, BESIDE_BARE),
            ("one more delivery beside a rebuild", more / anew, BESIDE_REBUILD),
        ):
            said[f"{name}: {goal}"] = f"{'held' if share <= asked else 'short'}: {share:.2f}, {asked} asked"
        same = case["one_more_delivery"]["is_the_same_in_every_table"]
        said[f"{name}: identical rows"] = "held" if same else "short"
    rates = [1e6 * case["bare"]["seconds"] / case["events"] for case in cases.values()]
    said["bare seconds a million events, by size"] = ", ".join(f"{rate:.1f}" for rate in rates)
    rates = [1e6 * case["rebuild"]["seconds"] / case["events"] for case in cases.values()]
    said["rebuild seconds a million events, by size"] = ", ".join(f"{rate:.1f}" for rate in rates)
    return said


def show(result: Measured) -> None:
    """Print what was measured."""
    console = Console()
    shown = Table("force", "events", "rebuild s", "bare s", "one more delivery s", "peak MB")
    for name, case in result["cases"].items():
        seconds = (str(case[part]["seconds"]) for part in ("rebuild", "bare", "one_more_delivery"))
        shown.add_row(name, f"{case['events']:,}", *seconds, f"{case['rebuild']['peak_megabytes']:,}")
    console.print(shown)
    for goal, said in result["goals"].items():
        console.print(f"{goal}: {said}")


def main() -> None:
    """Go through the sizes; what was measured of this product before is kept."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.timelines", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two tiny forces, to see that it works")
    parser.add_argument("--bare", type=Path, help="run the bare statements on this file")
    asked = parser.parse_args(sys.argv[1:] if __name__ == "__main__" else [])
    if asked.bare:
        return run_bare(asked.bare)
    PLACE.mkdir(parents=True, exist_ok=True)
    partial, name = PLACE / "measured.json", mark()
    kept: Measured = json.loads(partial.read_text("utf-8")) if partial.exists() else {}
    if kept.get("mark") != name:
        kept = {"mark": name, "cases": {}}
    for case in QUICK if asked.quick else FULL:
        if case.name not in kept["cases"]:
            print(f"{case.name} ...", flush=True)
            kept["cases"][case.name] = measure(case)
            partial.write_text(json.dumps(kept), "utf-8")
    cases = {case.name: kept["cases"][case.name] for case in (QUICK if asked.quick else FULL)}
    result = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "goals": goals(cases),
        "cases": cases,
    }
    if not asked.quick:
        RESULTS.write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    show(result)
    return None


if __name__ == "__main__":
    main()
