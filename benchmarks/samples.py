"""How fast a force is made, in what memory, and how hard it is to predict and to link."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import sys
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from rich.console import Console
from rich.table import Table

from benchmarks import ceilings, linkable
from benchmarks.process_tree import watch
from data_samples.received import rows_by_source

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "samples.json"
PLACE = ROOT / "build" / "bench-samples"
SEED = 1
BLOCK = 1 << 20
BYTES_A_ROW = 400  # on the disk, and as much again for the copy

ROWS_A_SECOND = 300_000
MEGABYTES = 4096
TIME_LINEAR_WITHIN = 1.25
MEMORY_FLAT_WITHIN = 1.25
LINKED_UP_TO = 0.05  # the rules compare pairs: at larger scales they measure DuckDB, not the force


@dataclass(frozen=True)
class Case:
    """One force to make."""

    scale: float
    focus: float

    @property
    def name(self) -> str:
        return f"scale {self.scale:g}, focus {self.focus:g}"


# the last one holds every stalking course of a force: there the ceilings rest on the most people
CASES = (Case(0.01, 0.01), Case(0.05, 0.05), Case(0.2, 0.2), Case(0.01, 1.0))
Measured = dict[str, Any]


def fingerprint() -> str:
    """What the generator consists of: results of another generator are not taken over."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "data_samples").rglob("*")):
        if path.suffix in {".py", ".yml", ".csv", ".sql", ".geojson"}:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def copied(force: Path, aside: Path) -> tuple[int, float]:
    """The floor: bytes of the force, and the seconds it takes only to read and write them."""
    total = 0
    started = time.perf_counter()
    for path in sorted(force.rglob("*")):
        if path.is_file():
            target = aside / path.relative_to(force)
            target.parent.mkdir(parents=True, exist_ok=True)
            with path.open("rb") as source, target.open("wb") as sink:
                while block := source.read(BLOCK):
                    total += sink.write(block)
    return total, time.perf_counter() - started


def run_case(case: Case) -> Measured:
    """Make one force, measure it, and remove it."""
    force, aside = PLACE / "force", PLACE / "copy"
    for folder in (force, aside):
        shutil.rmtree(folder, ignore_errors=True)
    need = int(2 * BYTES_A_ROW * (80e6 * case.scale + 5e6 * case.focus))
    PLACE.mkdir(parents=True, exist_ok=True)
    if (free := shutil.disk_usage(PLACE).free) < need:
        sys.exit(
            f"benchmarks: {case.name} needs {need >> 20:,} MB in {PLACE}, and {free >> 20:,} MB are free"
        )
    command = [sys.executable, "-m", "dagster_project.cli", "samples", "make", "--out", str(force)]
    sizes = ["--scale", str(case.scale), "--focus", str(case.focus), "--seed", str(SEED)]
    taken = watch([*command, *sizes], ROOT)
    if taken.exit_code:
        sys.exit(f"benchmarks: {case.name} was not made:\n{taken.said}")
    rows = rows_by_source(force)
    total = sum(rows.values())
    written, floor_seconds = copied(force, aside)
    shutil.rmtree(aside)
    measured: Measured = {
        **asdict(case),
        "rows": total,
        "rows_by_source": rows,
        "megabytes_written": round(written / 2**20, 1),
        "seconds": round(taken.seconds, 2),
        "rows_a_second": round(total / taken.seconds),
        "peak_megabytes": round(taken.peak_megabytes),
        "floor_seconds": round(floor_seconds, 2),
        "floor_rows_a_second": round(total / floor_seconds),
        "times_the_floor": round(taken.seconds / floor_seconds, 1),
        "ceilings": ceilings.of_force(force),
    }
    if case.scale <= LINKED_UP_TO:
        measured["three_rules"] = linkable.of_force(force)
    shutil.rmtree(force)
    return measured


def machine() -> Measured:
    """How large the machine is; not which one."""
    pages = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cores": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 1),
        "memory_gigabytes": round(pages / 2**30),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def goals(cases: dict[str, Measured]) -> dict[str, str]:
    """Each goal of speed: held or short, and by what figure."""

    def says(held: bool, figure: str) -> str:
        return f"{'held' if held else 'short'}: {figure}"

    rising = [cases[case.name] for case in CASES[:3]]
    slowest = min(case["rows_a_second"] for case in rising)
    largest = max(case["peak_megabytes"] for case in cases.values())
    per_row = [case["seconds"] / case["rows"] for case in rising]
    time_grows = per_row[2] / per_row[1]
    further = (rising[2]["rows"] - rising[1]["rows"]) / (rising[2]["seconds"] - rising[1]["seconds"])
    memory_grows = rising[2]["peak_megabytes"] / rising[1]["peak_megabytes"]
    return {
        "rows a second": says(
            slowest >= ROWS_A_SECOND, f"{slowest:,} at the slowest scale, {ROWS_A_SECOND:,} asked"
        ),
        "rows a second beyond the start": says(
            further >= ROWS_A_SECOND, f"{further:,.0f} from 0.05 to 0.2, {ROWS_A_SECOND:,} asked"
        ),
        "memory": says(largest < MEGABYTES, f"{largest:,} MB at most, under {MEGABYTES:,} asked"),
        "time linear": says(
            time_grows <= TIME_LINEAR_WITHIN, f"a row takes {time_grows:.2f} times as long at 0.2 as at 0.05"
        ),
        "memory flat": says(
            memory_grows <= MEMORY_FLAT_WITHIN, f"{memory_grows:.2f} times as much at 0.2 as at 0.05"
        ),
    }


def show(result: Measured) -> None:
    """Print what was measured."""
    console = Console(width=max(Console().width, 120))
    speed = Table(
        "force",
        "rows",
        "seconds",
        "rows/s",
        "peak MB",
        "copy only: s",
        "times the floor",
        "three-rule recall",
    )
    future = Table(
        "force",
        "harm days",
        "within",
        "knowing",
        "base rate",
        "positive people",
        "expected AUC",
        "AUC",
        "calibration z",
    )
    for name, case in cast(dict[str, Measured], result["cases"]).items():
        recall = case.get("three_rules", {}).get("recall")
        speed.add_row(
            name,
            f"{case['rows']:,}",
            f"{case['seconds']:.1f}",
            f"{case['rows_a_second']:,}",
            f"{case['peak_megabytes']:,}",
            f"{case['floor_seconds']:.1f}",
            f"{case['times_the_floor']:.1f}",
            "" if recall is None else f"{recall:.3f}",
        )
        for one in case["ceilings"]:
            future.add_row(
                name,
                f"{one['threshold']:,}",
                f"{one['horizon_days']} days",
                one["knowing"],
                f"{one['base_rate']:.2%}",
                f"{one['positives']:,}",
                f"{one['expected_auc']:.3f}",
                f"{one['auc']:.3f}",
                f"{one['calibration_z']:+.1f}",
            )
    console.print(speed, future)
    for goal, said in result["goals"].items():
        console.print(f"{goal}: {said}", highlight=False)
    console.print(f"written to {RESULTS.relative_to(ROOT)}", highlight=False)


def main() -> None:
    """Measure each force that is not measured yet, then write and print everything."""
    PLACE.mkdir(parents=True, exist_ok=True)
    part, mark = PLACE / "measured.json", fingerprint()
    result: Measured = json.loads(part.read_text("utf-8")) if part.exists() else {}
    if result.get("generator") != mark:
        result = {"generator": mark, "seed": SEED, "machine": machine(), "cases": {}}
    for case in CASES:
        if case.name in result["cases"]:
            print(f"{case.name}: measured before, kept", flush=True)
            continue
        print(f"{case.name}: making ...", flush=True)
        result["cases"][case.name] = run_case(case)
        part.write_text(json.dumps(result), "utf-8")
    result["measured_on"] = datetime.now(UTC).date().isoformat()
    result["goals"] = goals(result["cases"])
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    shutil.rmtree(PLACE)
    show(result)
