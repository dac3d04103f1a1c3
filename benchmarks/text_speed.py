"""How fast texts are coded beside detection alone, and whether memory stays flat."""

from __future__ import annotations

import csv
import json
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

from threadpoolctl import threadpool_limits  # pyright: ignore[reportMissingTypeStubs]

from benchmarks.process_tree import watch
from dagster_project.coding import AT_ONCE, WORKERS, product_coder
from ml.text.passing import readable

CHARACTERS: Final = 300
PASSES: Final = 5
OF_MEMORY: Final = (20_000, 80_000)  # texts

Measured = dict[str, Any]


def of_length(texts: Sequence[str], wanted: int) -> list[str]:
    """Texts cut or joined to one length, so that speeds compare."""
    whole = " ".join(texts)
    return [whole[at : at + CHARACTERS] for at in range(0, min(len(whole), wanted * CHARACTERS), CHARACTERS)]


def detect(texts: Sequence[str]) -> float:
    """Seconds for finding candidates, and nothing else."""
    coder, started = product_coder(), time.perf_counter()
    for text in texts:
        coder.detect(coder.words.symbols(readable(text)))
    return time.perf_counter() - started


def code(texts: Sequence[str]) -> float:
    """Seconds for all of it."""
    coder, started = product_coder(), time.perf_counter()
    with threadpool_limits(1):
        for at in range(0, len(texts), AT_ONCE):
            coder.code_many([readable(text) for text in texts[at : at + AT_ONCE]])
    return time.perf_counter() - started


def speeds(texts: Sequence[str]) -> Measured:
    """Texts a second of both, each in as many processes as the product uses; the best of a few passes."""
    parts = [texts[n::WORKERS] for n in range(WORKERS)]
    best = {"detection alone": 0.0, "coding": 0.0}
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as workers:
        for work in (code, detect):  # every expression made, every word met
            list(workers.map(work, parts))
        for _ in range(PASSES):
            for name, work in (("detection alone", detect), ("coding", code)):
                seconds = max(workers.map(work, parts))
                best[name] = max(best[name], len(texts) / seconds)
    told: Measured = {name: round(rate) for name, rate in best.items()}
    return told | {
        "characters": CHARACTERS,
        "processes": WORKERS,
        "times_detection": round(best["detection alone"] / best["coding"], 2),
    }


def memory(texts: Sequence[str], folder: Path) -> Measured:
    """Peak memory of the command for some texts and for four times as many, all different."""
    peaks: list[float] = []
    for number in OF_MEMORY:
        path = folder / f"{number}.csv"
        with path.open("w", encoding="utf-8", newline="") as out:
            written = csv.writer(out)
            written.writerow(("id", "text"))
            written.writerows((n, f"Log {n}. {texts[n % len(texts)]}") for n in range(number))
        command = [sys.executable, "-m", "dagster_project.cli", "code-text", "--in", str(path)]
        done = watch([*command, "--out", str(folder / "codes.csv")], folder)
        if done.exit_code:
            raise SystemExit(f"benchmarks: code-text failed: {done.said}")
        peaks.append(done.peak_megabytes)
    return {"texts": OF_MEMORY, "megabytes": [round(peak) for peak in peaks], "growth": peaks[1] / peaks[0]}


def gold_texts(folder: Path) -> list[str]:
    """The texts written by hand: every one of them dense."""
    paths = sorted(folder.glob("*.jsonl"))
    return [json.loads(line)["text"] for path in paths for line in path.read_text("utf-8").splitlines()]
