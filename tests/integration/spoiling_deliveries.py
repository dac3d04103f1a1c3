"""Takes one delivery of a clean force, changes its rows, and writes it back with a manifest that agrees."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from dagster_project.contracts import Contract

Change = Callable[[pl.DataFrame], pl.DataFrame]


def read_extract(path: Path, contract: Contract) -> pl.DataFrame:
    """Every cell of a CSV file as it is written; a Parquet file as it is typed."""
    layout = contract.file
    if layout.format == "parquet":
        return pl.read_parquet(path)
    raw = gzip.decompress(path.read_bytes()) if layout.compression == "gzip" else path.read_bytes()
    text = raw.decode("cp1252" if layout.encoding == "windows-1252" else "utf-8-sig")
    cells = pl.read_csv(
        io.BytesIO(text.encode()),
        separator=layout.separator,
        infer_schema=False,
        truncate_ragged_lines=True,
    )
    return cells.fill_null("")


def write_extract(frame: pl.DataFrame, path: Path, contract: Contract) -> None:
    """The counterpart of `read_extract`."""
    layout = contract.file
    if layout.format == "parquet":
        frame.write_parquet(path)
        return
    if not layout.null_text:  # an empty cell says nothing, a quoted one would say an empty text
        frame = frame.with_columns(pl.all().replace("", None))
    text = frame.write_csv(separator=layout.separator, null_value=layout.null_text)
    data = text.encode("cp1252" if layout.encoding == "windows-1252" else "utf-8")
    path.write_bytes(gzip.compress(data, 1) if layout.compression == "gzip" else data)


def spoil(extracts: Path, out: Path, contract: Contract, delivery: str, change: Change) -> None:
    """Copy the deliveries of one source up to this one, and change the rows of this one."""
    for folder in sorted((extracts / contract.source).iterdir()):
        if folder.name < delivery:
            shutil.copytree(folder, out / contract.source / folder.name)
    place = out / contract.source / delivery
    shutil.copytree(extracts / contract.source / delivery, place)
    manifest: dict[str, Any] = json.loads((place / "manifest.json").read_text("utf-8"))
    for file in manifest["files"]:
        path = place / file["name"]
        frame = change(read_extract(path, contract))
        write_extract(frame, path, contract)
        data = path.read_bytes()
        file |= {"rows": frame.height, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    (place / "manifest.json").write_text(json.dumps(manifest), "utf-8")
