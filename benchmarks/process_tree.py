"""Runs a command and watches the memory of everything that it starts."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SECONDS_BETWEEN_LOOKS = 0.1
PROC = Path("/proc")


@dataclass(frozen=True)
class Watched:
    """What a finished command took; memory shared between its processes counts once."""

    seconds: float
    peak_megabytes: float
    exit_code: int
    said: str


def watch(command: Sequence[str], folder: Path) -> Watched:
    """Run to the end, looking at the whole tree of processes ten times a second."""
    if not (PROC / "self" / "smaps_rollup").exists():
        raise SystemExit("benchmarks: memory is read from /proc, which this machine has not; use Linux")
    started = time.perf_counter()
    running = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    peak = 0
    with running:
        while running.poll() is None:
            peak = max(peak, sum(_kilobytes(process) for process in _tree(running.pid)))
            time.sleep(SECONDS_BETWEEN_LOOKS)
        seconds = time.perf_counter() - started
        said = running.stdout.read() if running.stdout else ""
    return Watched(seconds, peak / 1024, running.returncode, said)


def _tree(process: int) -> list[int]:
    """The process and all below it, as far as they still live."""
    found, waiting = [process], [process]
    while waiting:
        folder = PROC / str(waiting.pop()) / "task"
        try:
            children = [
                int(child)
                for thread in folder.iterdir()
                for child in (thread / "children").read_text().split()
            ]
        except OSError:
            continue
        found += children
        waiting += children
    return found


def _kilobytes(process: int) -> int:
    """Proportional set size: a page that n processes share counts one n-th in each."""
    try:
        for line in (PROC / str(process) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0
