"""What tests share: the repository's own folder, and one small force made once for the whole suite."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from hypothesis import settings

from data_samples.options import ForceOptions

settings.register_profile("same_every_time", derandomize=True, database=None, deadline=None)
settings.load_profile("same_every_time")

REPOSITORY = Path(__file__).resolve().parents[1]


FIRST = ("test_kills.py", "test_spoilings.py", "test_settings.py", "test_run.py", "test_no_peeking.py")
"""Files that are begun first, so that two cores end together; `make test` keeps this order.

The first makes the shared home, which the second does not wait for. A worker whose file holds two tests or
fewer is handed the next file at once: therefore a short one comes third, and the whole runs do not wait for
the killed ones.
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, each file in one piece."""
    turns = {name: turn for turn, name in enumerate(FIRST)}
    items.sort(key=lambda item: turns.get(item.path.name, len(FIRST)))


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that the first worker to need it makes for all of them."""
    shared = factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    folder, done = shared / name, shared / f"{name}.done"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            make(folder)
            done.touch()
    return folder


@pytest.fixture(scope="session")
def small_force(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A force of scale 0.001 and focus 0.02 with seed 5: read it, never change it."""
    from data_samples.force import make_force

    def make(folder: Path) -> None:
        options = ForceOptions(out=folder, scale=0.001, focus=0.02, seed=5)
        make_force(options, lambda stage, rows, total: None)

    return made_once(tmp_path_factory, "small_force", make)


@pytest.fixture(scope="session")
def few_extracts(tmp_path_factory: pytest.TempPathFactory, small_force: Path) -> Path:
    """Of each source of the small force the last years of its history and its last two deliveries."""
    from tests.deliveries import few_of

    return made_once(
        tmp_path_factory, "few_extracts", lambda folder: few_of(small_force / "extracts", folder)
    )


@pytest.fixture(scope="session")
def shared_home(tmp_path_factory: pytest.TempPathFactory, few_extracts: Path) -> Path:
    """A home in which one whole run has been performed on the few extracts: read it, never change it.

    What the run said stands beside it, in `shared_home.out` and `shared_home.err`.
    """
    from dagster_project.cli import main

    def make(folder: Path) -> None:
        with (
            folder.with_suffix(".out").open("w") as out,
            folder.with_suffix(".err").open("w") as err,
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            code = main(["run", "--extracts", str(few_extracts), "--home", str(folder)])
        assert code == 0, folder.with_suffix(".out").read_text() + folder.with_suffix(".err").read_text()

    return made_once(tmp_path_factory, "shared_home", make)
