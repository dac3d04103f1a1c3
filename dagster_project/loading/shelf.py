"""The folders of accepted deliveries: each appears whole or not at all, whatever was killed when."""

from __future__ import annotations

import json
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from dagster_project.deliveries import MANIFEST
from dagster_project.warehouse import sync

LOADING: Final = ".loading"
REPLACED: Final = ".replaced"
SCRATCH: Final = ".scratch"

Told = dict[str, Any]


class Shelf:
    """All deliveries of one source that were dealt with."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def tidy(self) -> None:
        """Finish or undo what a killed run was doing."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for entry in sorted(self.folder.glob(f".*{REPLACED}")):
            final = self.folder / entry.name[1 : -len(REPLACED)]
            if final.exists():
                shutil.rmtree(entry)
            else:
                entry.rename(final)
        for entry in sorted(self.folder.glob(f".*{LOADING}")):
            shutil.rmtree(entry)
        shutil.rmtree(self.folder / SCRATCH, ignore_errors=True)

    def standing(self) -> dict[str, Told]:
        """What is known of each delivery here, by its id; a folder that is not whole does not count."""
        found: dict[str, Told] = {}
        for path in sorted(self.folder.glob(f"[!.]*/{MANIFEST}")):
            told = _told(path)
            if told is not None and all(
                (path.parent / str(file["parquet"])).is_file() for file in told["files"]
            ):
                found[path.parent.name] = told
        return found

    @contextmanager
    def placing(self, delivery_id: str) -> Generator[Path]:
        """A folder to fill; it takes its place only when everything in it is on disk."""
        aside = self.folder / f".{delivery_id}{LOADING}"
        aside.mkdir()
        try:
            yield aside
            for path in sorted(aside.iterdir()):
                sync(path)
            sync(aside)
            self._swap(aside, self.folder / delivery_id)
        finally:
            shutil.rmtree(aside, ignore_errors=True)

    def _swap(self, aside: Path, final: Path) -> None:
        replaced = self.folder / f".{final.name}{REPLACED}"
        if final.exists():
            final.rename(replaced)
        aside.rename(final)
        sync(self.folder)
        shutil.rmtree(replaced, ignore_errors=True)

    def remove(self, delivery_id: str) -> None:
        """Take away a note that no longer holds; only ever of a delivery that was not loaded."""
        shutil.rmtree(self.folder / delivery_id)

    @contextmanager
    def scratch(self) -> Generator[Path]:
        """Room for copies and overflow while loading, on the disk that the deliveries are on."""
        room = self.folder / SCRATCH
        room.mkdir()
        try:
            yield room
        finally:
            shutil.rmtree(room, ignore_errors=True)


def write_manifest(folder: Path, told: Told) -> None:
    """The last file of a delivery: while it is missing, the delivery is not there."""
    (folder / MANIFEST).write_text(json.dumps(told, indent=2, sort_keys=True) + "\n", "utf-8")


def _told(path: Path) -> Told | None:
    try:
        told: object = json.loads(path.read_text("utf-8"))
    except ValueError:
        return None
    return told if isinstance(told, dict) and "files" in told else None  # pyright: ignore[reportUnknownVariableType]
