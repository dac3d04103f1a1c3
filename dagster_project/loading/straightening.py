"""placeholder"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dagster_project.contracts import FileLayout
from dagster_project.deliveries import DeliveryRefused


@dataclass(frozen=True)
class Straight:
    path: Path
    rejected: list[tuple[int, list[str], str, str]]


def straighten(path: Path, layout: FileLayout, cells: int, encoding: str, target: Path) -> Straight:
    raise DeliveryRefused(f"{path.name} is irregular CSV")
