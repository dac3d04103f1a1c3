"""How fast deliveries become Parquet, in what memory, beside a bare typed COPY of the same files."""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, cast

import duckdb
from duckdb_extensions import import_extension  # pyright: ignore[reportMissingTypeStubs]
from rich.console import Console
from rich.table import Table

from benchmarks.process_tree import watch
from benchmarks.samples import machine
from dagster_project.contracts import Contract, load_contracts
from dagster_project.loading import load_source

ROOT: Final = Path(__file__).resolve().parents[1]
RESULTS: Final = ROOT / "benchmarks" / "results" / "load.json"
PLACE: Final = ROOT / "build" / "bench-load"
SCALE, FOCUS, SEED = 0.2, 0.2, 1

SHARE_OF_FLOOR: Final = 0.8
MEGABYTES: Final = 3072
THREADS: Final = 2

Measured = dict[str, Any]


def ours(contract: Contract, extracts: Path, aside: Path) -> Measured:
    """Everything that the loader does: hashing, reading, judging, writing."""
    begun = time.perf_counter()
    loaded = load_source(contract, extracts, aside)
    seconds = time.perf_counter() - begun
    here = {json.loads(path.read_text("utf-8"))["delivery_id"]: path.parent for path in _manifests(aside)}
    rows = sum(file.rows_received for one in loaded for file in one.files)
    folders = [
        json.loads((here[one.delivery_id] / "manifest.json").read_text("utf-8"))["folder"] for one in loaded
    ]
    wanted = [folder for one, folder in zip(loaded, folders, strict=True) if one.status == "loaded"]
    size = sum(path.stat().st_size for path in aside.rglob("*.parquet"))
    return {
        "seconds": seconds,
        "cpu_seconds": cpu_seconds(),
        "rows": rows,
        "folders": wanted,
        "megabytes_written": size / 2**20,
    }


def cpu_seconds() -> float:
    """What this process has computed so far, on all cores: less moved by neighbours than the clock is."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _manifests(aside: Path) -> list[Path]:
    return sorted(aside.glob("*/[!.]*/manifest.json"))


def floor(contract: Contract, files: Sequence[Path], aside: Path, encoding: str) -> float:
    """The seconds of nothing but COPY with DuckDB's own typed reader and a row number."""
    aside.mkdir(parents=True, exist_ok=True)
    config: dict[str, Any] = {
        "threads": THREADS,
        "memory_limit": "2GB",
        "temp_directory": str(aside / "overflow"),
    }
    with duckdb.connect(":memory:", config=config) as connection:
        if encoding == "CP1252":
            import_extension("encodings", con=connection)
        begun = time.perf_counter()
        for number, path in enumerate(files):
            reader = _reader(contract, path, encoding)
            numbered = f"select *, row_number() over () as line from {reader}"
            connection.execute(f"copy ({numbered}) to '{aside}/{number}.parquet' (format parquet)")
        return time.perf_counter() - begun


def _reader(contract: Contract, path: Path, encoding: str) -> str:
    """The typed reader with the dialect of the contract; lines that it cannot type are rejected."""
    layout = contract.file
    if layout.format == "parquet":
        return f"read_parquet('{path}')"
    columns = ", ".join(f"'{column.name}': '{column.data_type}'" for column in contract.columns)
    options = {
        "delim": layout.separator,
        "quote": layout.quote,
        "escape": layout.quote,
        "nullstr": layout.null_text,
        "dateformat": layout.date_format,
        "timestampformat": layout.timestamp_format,
        "compression": layout.compression,
        "encoding": encoding,
    }
    told = ", ".join(f"{name} = '{value}'" for name, value in options.items())
    return (
        f"read_csv('{path}', columns = {{{columns}}}, {told}, auto_detect = false, header = true, "
        "strict_mode = true, store_rejects = true, rejects_limit = 0, max_line_size = 16777216, "
        "buffer_size = 33554432)"
    )


def child(arguments: Sequence[str]) -> None:
    """What the watched processes run."""
    what, source, extracts, aside, detail = arguments
    contract = load_contracts()[source]
    if what == "ours":
        print(json.dumps(ours(contract, Path(extracts), Path(aside))))
        return
    told = json.loads(detail)
    files = [
        path
        for folder in told["folders"]
        for path in sorted((Path(extracts) / source / folder).iterdir())
        if path.name != "manifest.json"
    ]
    seconds = floor(contract, files, Path(aside), told["encoding"])
    print(json.dumps({"seconds": seconds, "cpu_seconds": cpu_seconds()}))


def watched(*arguments: str) -> Measured:
    """Run one part in a process of its own and add its peak of memory."""
    taken = watch([sys.executable, "-m", "benchmarks.load", "child", *arguments], ROOT)
    if taken.exit_code:
        sys.exit(f"benchmarks: {arguments[0]} of {arguments[1]} failed:\n{taken.said}")
    return json.loads(taken.said.splitlines()[-1]) | {"peak_megabytes": round(taken.peak_megabytes)}


def measure(source: str, contract: Contract, extracts: Path, times: int) -> Measured:
    """The best of some runs of ours and of each floor, in turn, so that a busy moment hits both."""
    windows = contract.file.encoding == "windows-1252"
    encodings = ["latin-1", "CP1252"] if windows else ["utf-8"]
    best: Measured = {}
    floors: dict[str, float] = {}
    bare_cpu, bare_peak = float("inf"), 0
    for turn in range(times):
        with tempfile.TemporaryDirectory(dir=PLACE) as aside:
            taken = watched("ours", source, str(extracts), f"{aside}/ours", "")
            peak = max(taken["peak_megabytes"], best.get("peak_megabytes", 0))
            best = min(taken, best or taken, key=lambda one: one["seconds"]) | {"peak_megabytes": peak}
            for encoding in encodings:
                if encoding == "CP1252" and turn:
                    continue  # ten times as slow as the other; once says enough
                detail = json.dumps({"folders": taken["folders"], "encoding": encoding})
                bare = watched("floor", source, str(extracts), f"{aside}/{encoding}", detail)
                floors[encoding] = min(bare["seconds"], floors.get(encoding, bare["seconds"]))
                if encoding == encodings[0]:
                    bare_cpu = min(bare_cpu, bare["cpu_seconds"])
                    bare_peak = max(bare_peak, bare["peak_megabytes"])
    del best["folders"]
    seconds = best["seconds"]
    return best | {
        "seconds": round(seconds, 2),
        "megabytes_written": round(best["megabytes_written"], 1),
        "rows_a_second": round(best["rows"] / seconds),
        "floor_seconds": {encoding: round(value, 2) for encoding, value in floors.items()},
        "cpu_seconds": round(best["cpu_seconds"], 2),
        "floor_cpu_seconds": round(bare_cpu, 2),
        "floor_peak_megabytes": bare_peak,
        "share_of_floor": round(floors[encodings[0]] / seconds, 2),
    }


def goals(sources: dict[str, Measured]) -> dict[str, str]:
    """Each goal: held or short, and by what figure."""
    taken = sum(one["seconds"] for one in sources.values())
    bare = sum(next(iter(one["floor_seconds"].values())) for one in sources.values())
    peak = max(one["peak_megabytes"] for one in sources.values())
    speed = bare / taken

    def says(held: bool, figure: str) -> str:
        return f"{'held' if held else 'short'}: {figure}"

    return {
        "speed": says(
            speed >= SHARE_OF_FLOOR,
            f"{speed:.2f} of the speed of a bare typed copy ({taken:.1f} s against {bare:.1f} s), "
            f"{SHARE_OF_FLOOR} asked",
        ),
        "memory": says(peak < MEGABYTES, f"{peak:,} MB at most, under {MEGABYTES:,} asked"),
    }


def show(result: Measured) -> None:
    """Print what was measured."""
    console = Console(width=max(Console().width, 120))
    table = Table(
        "source",
        "rows",
        "seconds",
        "rows/s",
        "peak MB",
        "bare copy: s",
        "its peak MB",
        "share of its speed",
        "CPU s",
        "bare CPU s",
    )
    for source, one in cast(dict[str, Measured], result["sources"]).items():
        floors = ", ".join(f"{value:.1f} {encoding}" for encoding, value in one["floor_seconds"].items())
        table.add_row(
            source,
            f"{one['rows']:,}",
            f"{one['seconds']:.1f}",
            f"{one['rows_a_second']:,}",
            f"{one['peak_megabytes']:,}",
            floors,
            f"{one['floor_peak_megabytes']:,}",
            f"{one['share_of_floor']:.2f}",
            f"{one['cpu_seconds']:.1f}",
            f"{one['floor_cpu_seconds']:.1f}",
        )
    console.print(table)
    for goal, said in result["goals"].items():
        console.print(f"{goal}: {said}", highlight=False)


def force_made() -> Path:
    """The force that this benchmark loads, made once."""
    force = PLACE / "force"
    if not (force / "extracts").exists():
        made = PLACE / "force.making"
        shutil.rmtree(made, ignore_errors=True)
        command = [sys.executable, "-m", "dagster_project.cli", "samples", "make", "--out", str(made)]
        sizes = ["--scale", str(SCALE), "--focus", str(FOCUS), "--seed", str(SEED)]
        if (taken := watch([*command, *sizes], ROOT)).exit_code:
            sys.exit(f"benchmarks: the force was not made:\n{taken.said}")
        made.rename(force)
    return force


def fingerprint() -> str:
    """What the loader and the force consist of: what another loader took is not taken over."""
    digest = hashlib.sha256()
    for folder in ("dagster_project/loading", "dbt_models/models/staging", "data_samples"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".sql", ".yml", ".csv"}:
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def all_measured(force: Path, only: Sequence[str], times: int, part: Path | None) -> Measured:
    """Every source in turn; those that a stopped run has measured are kept."""
    mark = fingerprint()
    result: Measured = json.loads(part.read_text("utf-8")) if part and part.exists() else {}
    if result.get("loader") != mark:
        result = {"loader": mark, "machine": machine() | {"duckdb": duckdb.__version__}, "sources": {}}
    for source, contract in load_contracts().items():
        if source in result["sources"]:
            print(f"{source}: measured before, kept", flush=True)
        elif not only or source in only:
            print(f"{source}: loading ...", flush=True)
            result["sources"][source] = measure(source, contract, force / "extracts", times)
        if part:
            part.write_text(json.dumps(result), "utf-8")
    return result


def main(force: Path | None = None, only: Sequence[str] = (), times: int = 1) -> None:
    """Load every source of a force, beside the floor; print what it took, and keep it if it is the whole."""
    PLACE.mkdir(parents=True, exist_ok=True)
    is_kept = force is None and not only
    part = PLACE / "measured.json" if is_kept else None
    result = all_measured(force or force_made(), only, times, part)
    result["goals"] = goals(result["sources"])
    if part:
        result |= {"scale": SCALE, "focus": FOCUS, "seed": SEED}
        result["measured_on"] = datetime.now(UTC).date().isoformat()
        RESULTS.parent.mkdir(parents=True, exist_ok=True)
        RESULTS.write_text(json.dumps(result, indent=2) + "\n", "utf-8")
        part.unlink()
    show(result)
    if part:
        print(f"written to {RESULTS.relative_to(ROOT)}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["child"]:
        child(sys.argv[2:])
    else:
        asked = argparse.ArgumentParser(description=__doc__)
        asked.add_argument("--force", type=Path, help="another force; nothing is written")
        asked.add_argument("--only", nargs="*", default=[], help="these sources alone; nothing is written")
        asked.add_argument("--times", type=int, default=1, help="runs of each, of which the best counts")
        told = asked.parse_args()
        main(told.force, told.only, told.times)
