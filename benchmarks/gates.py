"""How fast the gates judge, how fifty small deliveries fare, and what clean forces of many seeds raise."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import resource
import shutil
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pandas as pd
from rich.console import Console
from rich.table import Table

from dagster_project import gating, warehouse
from dagster_project.contracts import load_contracts
from dagster_project.loading import load_source
from dagster_project.register import register
from data_samples.force import make_force
from data_samples.options import ForceOptions
from expectations import judge
from expectations.suites import load_suites

ROOT: Final = Path(__file__).resolve().parents[1]
RESULTS: Final = ROOT / "benchmarks" / "results" / "gates.json"
PLACE: Final = ROOT / "build" / "bench-gates"

SECONDS_A_MILLION: Final = 5.0
MEGABYTES: Final = 4096

Measured = dict[str, Any]


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


TINY: Final = tuple(Case(0.001, 0.01, 100 + seed, 3 + seed % 3, 2 + seed % 2) for seed in range(20))
SMALL: Final = tuple(Case(0.01, 0.01, 200 + seed) for seed in range(3))
FIFTY: Final = Case(0.001, 0.005, 300, 8, 50)
LARGE: Final = Case(0.2, 0.2, 1)


def fingerprint() -> str:
    """What gates consist of: results of other expectations are not taken over."""
    digest = hashlib.sha256()
    for folder in ("expectations", "dagster_project/gating.py", "data_samples"):
        whole = ROOT / folder
        for path in sorted(whole.rglob("*")) if whole.is_dir() else [whole]:
            if path.suffix in {".py", ".yml", ".sql"}:
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def made(case: Case) -> Path:
    """The force of a case, made anew."""
    force = PLACE / "force"
    shutil.rmtree(force, ignore_errors=True)
    make_force(ForceOptions(out=force, **asdict(case)), lambda stage, rows, total: None)
    return force


def loaded(force: Path, home: Path) -> Path:
    """Every source loaded and registered; a home that holds the deliveries already is used as it is."""
    home.mkdir(parents=True, exist_ok=True)
    database = home / "bench-gates.duckdb"
    database.unlink(missing_ok=True)
    with warehouse.opened(database) as connection:
        connection.execute((warehouse.SQL / "meta_tables.sql").read_text("utf-8"))
        for contract in load_contracts().values():
            load_source(contract, force / "extracts", home / "deliveries")
            register(connection, contract, home / "deliveries")
    return database


def judged(database: Path) -> tuple[pd.DataFrame, float, int]:
    """All results of all sources, the seconds they took and the rows they rest on."""
    suites, contracts = load_suites(), load_contracts()
    with warehouse.opened(database) as connection:
        started = time.perf_counter()
        found = [gating.judge_deliveries(source, connection, suites, contracts) for source in suites]
        seconds = time.perf_counter() - started
        rows = warehouse.rows(connection, "select sum(rows_loaded)::bigint as rows from meta.deliveries")
    return pd.concat(found, ignore_index=True), seconds, int(rows[0]["rows"])


def measure(database: Path) -> Measured:
    """Judge one home and say what came of it."""
    results, seconds, rows = judged(database)
    failed = results[results["is_met"].eq(False).fillna(False)]
    warned = failed[failed["severity"] == "warning"]
    return {
        "rows": rows,
        "deliveries": int(results["delivery_id"].nunique()),
        "seconds": round(seconds, 2),
        "results": len(results),
        "not_judged": int(results["is_met"].isna().sum()),
        "warnings": sorted((warned["source"] + ": " + warned["expectation"]).tolist()),
        "critical": gating.critical_failures(results),
    }


def one_by_one(database: Path, source: str) -> tuple[int, float]:
    """What the deliveries of one source would take if each had a start of its own."""
    suites, contracts = load_suites(), load_contracts()
    with warehouse.opened(database) as connection:
        told = f"select delivery_id from meta.deliveries where source = '{source}' and status = 'loaded'"
        ids = [str(row["delivery_id"]) for row in warehouse.rows(connection, told)]
        started = time.perf_counter()
        for one in ids:
            gating.judge_deliveries(source, connection, suites, contracts, only=[one])
    return len(ids), time.perf_counter() - started


def clean(case: Case) -> Measured:
    """A clean force, judged and removed again."""
    home = PLACE / "home"
    shutil.rmtree(home, ignore_errors=True)
    told = measure(loaded(made(case), home))
    shutil.rmtree(home)
    return told


def fifty() -> Measured:
    """Fifty small deliveries of every source at once, and those of one source one by one."""
    home = PLACE / "home"
    shutil.rmtree(home, ignore_errors=True)
    database = loaded(made(FIFTY), home)
    told = measure(database)
    deliveries, seconds = one_by_one(database, "contacts")
    with warehouse.opened(database) as connection:
        started = time.perf_counter()
        gating.judge_deliveries("contacts", connection, load_suites(), load_contracts())
        together = time.perf_counter() - started
    shutil.rmtree(home)
    one_source = {"deliveries": deliveries, "one_by_one": round(seconds, 2), "together": round(together, 2)}
    return told | {"contacts": one_source}


def large(force: Path | None, home: Path | None) -> Measured:
    """The large force: what a million rows take beyond the fixed start."""
    place = home or PLACE / "large"
    told = measure(loaded(force or made(LARGE), place))
    if home is None:
        shutil.rmtree(place)
    return told | {"peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}


def machine() -> Measured:
    """How large the machine is; not which one."""
    return {
        "cores": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def goals(result: Measured) -> dict[str, str]:
    """Each goal: held or short, and by what figure."""

    def says(is_held: bool, figure: str) -> str:
        return f"{'held' if is_held else 'short'}: {figure}"

    forces, big, many = result["clean"], result["large"], result["fifty"]
    fixed = min(case["seconds"] for case in forces.values())
    per_million = (big["seconds"] - fixed) / big["rows"] * 1e6
    critical = sum(len(case["critical"]) for case in (*forces.values(), big, many))
    warned = sum(len(case["warnings"]) for case in forces.values())
    asked = sum(case["results"] for case in forces.values())
    contacts = many["contacts"]
    one_source = f"{contacts['together']:.1f} s together, {contacts['one_by_one']:.1f} s one by one"
    start = f"{result['start_seconds']:.1f} s once"
    return {
        "seconds a million rows beyond the fixed start": says(
            per_million <= SECONDS_A_MILLION, f"{per_million:.2f}, at most {SECONDS_A_MILLION:g} asked"
        ),
        "fixed start": f"{start}, and {fixed:.1f} s to ask thirteen sources anything",
        "clean forces": says(
            critical == 0,
            f"{critical} critical failures in {len(forces) + 2} forces, "
            f"{warned} warnings in {asked:,} results of the smaller ones",
        ),
        "fifty small deliveries": says(
            contacts["together"] < contacts["one_by_one"] / 5,
            f"contacts take {one_source}; all sources {many['seconds']:.1f} s "
            f"for {many['deliveries']} deliveries",
        ),
        "memory": says(
            big["peak_megabytes"] < MEGABYTES,
            f"{big['peak_megabytes']:,} MB, loading included, under {MEGABYTES:,} asked",
        ),
    }


def show(result: Measured) -> None:
    """Print what was measured."""
    console = Console(width=max(Console().width, 120))
    table = Table("force", "rows", "deliveries", "seconds", "results", "not judged", "warnings", "critical")
    cases = {**result["clean"], "fifty small deliveries": result["fifty"], "large": result["large"]}
    for name, case in cases.items():
        figures = [case[word] for word in ("rows", "deliveries", "seconds", "results", "not_judged")]
        cells = [f"{figure:,}" for figure in figures]
        table.add_row(name, *cells, str(len(case["warnings"])), str(len(case["critical"])))
    console.print(table)
    for goal, said in result["goals"].items():
        console.print(f"{goal}: {said}", highlight=False)
    console.print(f"written to {RESULTS.relative_to(ROOT)}", highlight=False)


def main(
    force: Path | None = None, home: Path | None = None, cases: Sequence[Case] = (*TINY, *SMALL)
) -> None:
    """Measure what is not measured yet, then write and print everything."""
    PLACE.mkdir(parents=True, exist_ok=True)
    part, mark = PLACE / "measured.json", fingerprint()
    result: Measured = json.loads(part.read_text("utf-8")) if part.exists() else {}
    if result.get("gates") != mark:
        result = {"gates": mark, "machine": machine(), "clean": {}}
    started = time.perf_counter()
    judge.start()
    result["start_seconds"] = round(time.perf_counter() - started, 1)
    for case in cases:
        if case.name not in result["clean"]:
            print(f"{case.name} ...", flush=True)
            result["clean"][case.name] = clean(case)
            part.write_text(json.dumps(result), "utf-8")
    for name, measured in (("fifty", fifty), ("large", lambda: large(force, home))):
        if name not in result:
            print(f"{name} ...", flush=True)
            result[name] = measured()
            part.write_text(json.dumps(result), "utf-8")
    result["measured_on"] = datetime.now(UTC).date().isoformat()
    result["goals"] = goals(result)
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    shutil.rmtree(PLACE)
    show(result)


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--force", type=Path, help="a large force that is there already")
    asked.add_argument("--home", type=Path, help="where its deliveries are loaded, kept for the next time")
    told = asked.parse_args()
    main(told.force, told.home)
