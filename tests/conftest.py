"""What tests share: the repository's own folder, and one small force made once for the whole suite."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest
from hypothesis import settings

from data_samples.options import ForceOptions

settings.register_profile("same_every_time", derandomize=True, database=None, deadline=None)
settings.load_profile("same_every_time")

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture(scope="session")
def small_force(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A force of scale 0.001 and focus 0.02 with seed 5: read it, never change it."""
    from data_samples.force import make_force

    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    force, done = shared / "small_force", shared / "small_force.done"
    with (shared / "small_force.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            make_force(
                ForceOptions(out=force, scale=0.001, focus=0.02, seed=5), lambda stage, rows, total: None
            )
            done.touch()
    return force
