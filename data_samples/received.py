"""What a force's manifests say was delivered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypedDict, cast


class _File(TypedDict):
    rows: int


class _Manifest(TypedDict):
    source: str
    files: list[_File]


def rows_by_source(force: Path) -> dict[str, int]:
    """Rows received from each source over all its deliveries, as its manifests count them."""
    rows: dict[str, int] = {}
    for path in sorted((force / "extracts").glob("*/*/manifest.json")):
        manifest = cast(_Manifest, json.loads(path.read_text("utf-8")))
        delivered = sum(file["rows"] for file in manifest["files"])
        rows[manifest["source"]] = rows.get(manifest["source"], 0) + delivered
    return rows
