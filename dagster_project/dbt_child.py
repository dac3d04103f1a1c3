"""dbt as a run starts it: it ends when the run does, so that no killed run goes on writing."""

from __future__ import annotations

import os
import threading
import time
from typing import Final

EVERY: Final = 0.2
"""Seconds between two looks at whether the run is still there."""


def main() -> None:
    """What `dbt` does, under watch."""
    run = os.getppid()
    threading.Thread(target=_watch, args=(run,), daemon=True).start()
    from dbt.cli.main import cli  # late: it takes seconds, and the watch must stand before

    cli(prog_name="dbt")


def _watch(run: int) -> None:
    while os.getppid() == run:
        time.sleep(EVERY)
    os._exit(1)
