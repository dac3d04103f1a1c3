"""How fast the gates judge, in what memory, how fifty small deliveries fare, and what clean forces raise."""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import json
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import pandas as pd
from rich.console import Console
from rich.table import Column, Table

from benchmarks.process_tree import watch
from benchmarks.samples import machine
from dagster_project import gating, warehouse
from dagster_project.contracts import load_contracts
from dagster_project.loading import load_source
from dagster_project.register import register
from data_samples.force import make_force
from data_samples.options import ForceOptions
from expectations import judge
from expectations.suites import Suite, load_suites

ROOT: Final = Path(__file__).resolve().parents[1]
RESULTS: Final = ROOT / "benchmarks" / "results" / "gates.json"
PLACE: Final = ROOT / "build" / "bench-gates"

SECONDS_A_MILLION: Final = 5.0
MEGABYTES: Final = 4096
TIMES_AS_FAST: Final = 5
ONE_BY_ONE: Final = "contacts"  # the source of which a small force has the most rows
BYTES_A_ROW: Final = 600  # on the disk: the extract, and what is loaded of it

Measured = dict[str, Any]
Given = TypeVar("Given")


@dataclass(frozen=True)
class Case:
    """One clean force to make and judge."""

    scale: float
    focus: float
    seed: int
    years: int = 10
    deliveries: int = 13

    @property
    def name(self) -> str:
        return f"scale {self.scale:g}, focus {self.focus:g}, seed {self.seed}, {self.deliveries} deliveries"


@dataclass(frozen=True)
class Plan:
    """What is measured: clean forces, many small deliveries, and two sizes with the slope between them."""

    clean: tuple[Case, ...]
    many: Case
    sizes: tuple[Case, Case]


TINY: Final = tuple(Case(0.001, 0.01, 100 + seed, 3 + seed % 3, 2 + seed % 2) for seed in range(20))
SMALL: Final = tuple(Case(0.01, 0.01, 200 + seed) for seed in range(3))
FULL: Final = Plan((*TINY, *SMALL), Case(0.001, 0.005, 300, 8, 50), (Case(0.02, 0.02, 1), Case(0.2, 0.2, 1)))
QUICK: Final = Plan(
    (Case(0.001, 0.004, 1, 2, 2),),
    Case(0.001, 0.004, 2, 2, 8),
    (Case(0.001, 0.004, 3, 2, 2), Case(0.002, 0.01, 3, 4, 2)),
)


def fingerprint() -> str:
    """What gates consist of: results of other expectations are not taken over."""
    digest = hashlib.sha256()
    for folder in ("expectations", "dagster_project/gating.py", "data_samples", "benchmarks/gates.py"):
        whole = ROOT / folder
        for path in sorted(whole.rglob("*")) if whole.is_dir() else [whole]:
            if path.suffix in {".py", ".yml", ".sql"}:
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def made(case: Case) -> Path:
    """The force of a case, made anew, where there is room for it."""
    force = PLACE / "force"
    shutil.rmtree(force, ignore_errors=True)
    need = int(BYTES_A_ROW * (80e6 * case.scale + 5e6 * case.focus))
    if (free := shutil.disk_usage(PLACE).free) < need:
        sys.exit(
            f"benchmarks: {case.name} needs {need >> 20:,} MB in {PLACE}, and {free >> 20:,} MB are free"
        )
    make_force(ForceOptions(out=force, **asdict(case)), lambda stage, rows, total: None)
    return force


def loaded(case: Case) -> Path:
    """A clean force with every source loaded and registered, its extracts gone again."""
    home = PLACE / "home"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    force, database = made(case), home / "bench-gates.duckdb"
    with warehouse.opened(database) as connection:
        connection.execute((warehouse.SQL / "meta_tables.sql").read_text("utf-8"))
        for contract in load_contracts().values():
            load_source(contract, force / "extracts", home / "deliveries")
            register(connection, contract, home / "deliveries")
    shutil.rmtree(force)
    return database


def timed(work: Callable[[], Given]) -> tuple[Given, float]:
    """What the work gave, and the seconds it took."""
    started = time.perf_counter()
    given = work()
    return given, time.perf_counter() - started


def judged(database: Path) -> Measured:
    """Judge one home and say what came of it and how long it took, beside the floor."""
    suites, contracts = load_suites(), load_contracts()
    _, start = timed(judge.start)
    with warehouse.opened(database) as connection:
        _, floor = timed(lambda: [scanned(connection, suite) for suite in suites.values()])
        found, seconds = timed(
            lambda: [gating.judge_deliveries(source, connection, suites, contracts) for source in suites]
        )
        [counted] = warehouse.rows(connection, "select sum(rows_loaded)::bigint as rows from meta.deliveries")
    results: pd.DataFrame = pd.concat(found, ignore_index=True)
    failed = results[results["is_met"].eq(False).fillna(False)]
    warned = failed[failed["severity"] == "warning"]
    return {
        "rows": int(counted["rows"]),
        "deliveries": int(results["delivery_id"].nunique()),
        "start_seconds": round(start, 2),
        "seconds": round(seconds, 2),
        "floor_seconds": round(floor, 2),
        "results": len(results),
        "not_judged": int(results["is_met"].isna().sum()),
        "warnings": sorted((warned["source"] + ": " + warned["expectation"]).tolist()),
        "critical": gating.critical_failures(results),
    }


def scanned(connection: Any, suite: Suite) -> int:
    """The floor: every row of the columns that a gate asks about, read through DuckDB into nothing."""
    columns = [
        f"{suite.derived[name]} as {warehouse.identifier(name)}" if name in suite.derived else name
        for name in suite.columns
    ]
    found = connection.execute(f"select {', '.join(columns)} from raw.{warehouse.identifier(suite.source)}")
    return sum(batch.num_rows for batch in found.fetch_record_batch(gating.BATCH_ROWS))


def watched(database: Path) -> Measured:
    """The same in a process of its own, with its peak of memory."""
    taken = watch([sys.executable, "-m", "benchmarks.gates", "child", str(database)], ROOT)
    if taken.exit_code:
        sys.exit(f"benchmarks: the gates failed:\n{taken.said}")
    return json.loads(taken.said.splitlines()[-1]) | {"peak_megabytes": round(taken.peak_megabytes)}


def one_by_one(database: Path) -> Measured:
    """The deliveries of one source together, and one after the other as if each had a gate of its own."""
    suites, contracts, source = load_suites(), load_contracts(), ONE_BY_ONE
    judge.start()
    with warehouse.opened(database) as connection:
        told = "select delivery_id from meta.deliveries where source = ? and status = 'loaded'"
        ids = [str(row["delivery_id"]) for row in warehouse.rows(connection, told, [source])]

        def ask(only: Sequence[str]) -> Any:
            return gating.judge_deliveries(source, connection, suites, contracts, only=only)

        together = min(timed(lambda: ask(ids))[1] for _ in range(2))
        apart = timed(lambda: [ask([one]) for one in ids])[1]
    return {"deliveries": len(ids), "one_by_one": round(apart, 2), "together": round(together, 2)}


def goals(result: Measured) -> dict[str, str]:
    """Each goal: held or short, and by what figure."""

    def says(is_held: bool, figure: str) -> str:
        return f"{'held' if is_held else 'short'}: {figure}"

    lesser, larger = result["sizes"].values()
    many, clean = result["many"], result["clean"].values()
    millions = (larger["rows"] - lesser["rows"]) / 1e6
    slope = (larger["seconds"] - lesser["seconds"]) / millions
    bare = (larger["floor_seconds"] - lesser["floor_seconds"]) / millions
    engine, asking = larger["start_seconds"], max(lesser["seconds"] - slope * lesser["rows"] / 1e6, 0)
    peaks = " and ".join(f"{one['peak_megabytes']:,} MB for {one['rows']:,} rows" for one in (lesser, larger))
    critical = sum(len(case["critical"]) for case in (*clean, many, lesser, larger))
    warned, asked = sum(len(case["warnings"]) for case in clean), sum(case["results"] for case in clean)
    few = many[ONE_BY_ONE]
    together, apart = few["together"], few["one_by_one"]
    return {
        "seconds a million rows beyond the fixed start": says(
            slope <= SECONDS_A_MILLION,
            f"{slope:.2f}, at most {SECONDS_A_MILLION:g} asked; a bare scan of the same columns {bare:.2f}",
        ),
        "fixed start": f"{engine:.1f} s for the engine, {asking:.1f} s to ask thirteen sources anything",
        "memory": says(larger["peak_megabytes"] < MEGABYTES, f"{peaks}, under {MEGABYTES:,} asked"),
        "many small deliveries": says(
            together * TIMES_AS_FAST <= apart,
            f"{few['deliveries']} of {ONE_BY_ONE} take {together:.1f} s together, {apart:.1f} s one by one; "
            f"{many['deliveries']} of all sources {many['seconds']:.1f} s",
        ),
        "clean forces": says(
            critical == 0,
            f"{critical} critical failures in {len(clean) + 3} forces; "
            f"{warned} warnings in {asked:,} results of {len(clean)} seeds",
        ),
    }


def show(result: Measured) -> None:
    """Print what was measured."""
    console = Console(width=max(Console().width, 120))
    heads = ("rows", "seconds", "bare scan", "peak MB", "warnings", "critical")
    table = Table(Column("force", no_wrap=True), *heads)
    for name, case in {**result["clean"], "many small": result["many"], **result["sizes"]}.items():
        table.add_row(
            name,
            f"{case['rows']:,}",
            f"{case['seconds']:.1f}",
            f"{case['floor_seconds']:.2f}",
            f"{case['peak_megabytes']:,}",
            str(len(case["warnings"])),
            str(len(case["critical"])),
        )
    console.print(table)
    for goal, said in result["goals"].items():
        console.print(f"{goal}: {said}", highlight=False)


def measured(plan: Plan) -> Measured:
    """Measure what is not measured yet of the plan; a run that was stopped goes on where it was."""
    PLACE.mkdir(parents=True, exist_ok=True)
    part, mark = PLACE / "measured.json", fingerprint()
    result: Measured = json.loads(part.read_text("utf-8")) if part.exists() else {}
    if result.get("gates") != mark:
        versions = {name: importlib.metadata.version(name) for name in ("duckdb", "great_expectations")}
        result = {"gates": mark, "machine": machine() | versions, "clean": {}, "sizes": {}}
    for kind, cases in (("clean", plan.clean), ("sizes", plan.sizes)):
        for case in cases:
            if case.name not in result[kind]:
                print(f"{case.name} ...", flush=True)
                result[kind][case.name] = watched(loaded(case))
                part.write_text(json.dumps(result), "utf-8")
    if "many" not in result:
        print(f"{plan.many.name} ...", flush=True)
        database = loaded(plan.many)
        result["many"] = watched(database) | {ONE_BY_ONE: one_by_one(database)}
        part.write_text(json.dumps(result), "utf-8")
    return result


def main(plan: Plan = FULL) -> None:
    """Measure the plan, and print it; only the full one is kept among the results."""
    result = measured(plan)
    result |= {"measured_on": datetime.now(UTC).date().isoformat(), "goals": goals(result)}
    if plan is FULL:
        RESULTS.parent.mkdir(parents=True, exist_ok=True)
        RESULTS.write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    shutil.rmtree(PLACE)
    show(result)


if __name__ == "__main__":
    if sys.argv[1:2] == ["child"]:
        print(json.dumps(judged(Path(sys.argv[2]))))
    else:
        asked = argparse.ArgumentParser(description=__doc__)
        asked.add_argument("--quick", action="store_true", help="tiny forces, to see that it works; not kept")
        main(QUICK if asked.parse_args().quick else FULL)
