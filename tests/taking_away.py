"""Extracts with everything taken out that became known at a moment or after it.

Later deliveries go whole. Of a history that came later, the rows recorded later go, and so do the values that
the source overwrites in place: nobody can say what they were. The rest lies there as it would have been sent.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from dagster_project.contracts import Contract
from tests.deliveries import tell, told_by


@dataclass
class TakenAway:
    """How much went of each kind, and which record of a file each record that is left was."""

    deliveries: Counter[str] = field(default_factory=Counter[str])
    rows: Counter[str] = field(default_factory=Counter[str])
    values: Counter[str] = field(default_factory=Counter[str])
    lines: list[tuple[str, datetime, str, int, int]] = field(
        default_factory=list[tuple[str, datetime, str, int, int]]
    )
    """Source, receipt, file, the record's number now and the one it had."""


def known_before(moment: datetime, extracts: Path, out: Path, contracts: dict[str, Contract]) -> TakenAway:
    """What had become known strictly before a moment, as extracts of their own."""
    taken = TakenAway()
    for source, contract in contracts.items():
        for folder in sorted(path.parent for path in (extracts / source).glob("*/manifest.json")):
            told, there = told_by(folder), out / source / folder.name
            received = datetime.fromisoformat(told["received_at"])
            if received < moment:
                shutil.copytree(folder, there)
            elif told["kind"] == "history" and contract.recorded_at:
                there.mkdir(parents=True)
                files = [
                    _shortened(contract, folder, there, one, received, moment, taken) for one in told["files"]
                ]
                covers_to = min(told["covers_to"], moment.isoformat())
                tell(there, told | {"files": files, "covers_to": covers_to})
            else:
                taken.deliveries[source] += 1
    return taken


def _shortened(
    contract: Contract,
    folder: Path,
    there: Path,
    entry: dict[str, Any],
    received: datetime,
    moment: datetime,
    taken: TakenAway,
) -> dict[str, Any]:
    """One file of a history without what was recorded later, and its entry in the manifest."""
    name = str(entry["name"])
    if contract.file.format == "parquet":
        kept = _short_parquet(contract, folder / name, there / name, moment, taken)
    else:
        kept = _short_csv(contract, folder / name, there / name, moment, taken)
    taken.rows[contract.source] += int(entry["rows"]) - len(kept)
    taken.lines += [
        (contract.source, received, name, now, was) for now, was in enumerate(kept, 1) if now != was
    ]
    raw = (there / name).read_bytes()
    return entry | {"rows": len(kept), "bytes": len(raw), "sha256": hashlib.sha256(raw).hexdigest()}


def _short_parquet(contract: Contract, path: Path, to: Path, moment: datetime, taken: TakenAway) -> list[int]:
    assert contract.recorded_at
    whole = pl.read_parquet(path).with_row_index("_was", offset=1)
    left = whole.filter(pl.col(contract.recorded_at) < moment)
    for column in contract.overwritten_in_place:
        taken.values[f"{contract.source}.{column}"] += left[column].count()
        left = left.with_columns(pl.lit(None, dtype=left.schema[column]).alias(column))
    left.drop("_was").write_parquet(to)
    return left["_was"].to_list()


def _short_csv(contract: Contract, path: Path, to: Path, moment: datetime, taken: TakenAway) -> list[int]:
    layout = contract.file
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if layout.compression == "gzip" else raw).decode(
        "utf-8-sig" if layout.byte_order_mark else layout.encoding
    )
    records = csv.reader(io.StringIO(text, newline=""), delimiter=layout.separator, quotechar=layout.quote)
    header = next(records)
    dated = header.index(contract.recorded_at or "")
    blanked = {header.index(column): column for column in contract.overwritten_in_place}
    kept: list[int] = []
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=layout.separator, quotechar=layout.quote, lineterminator="\n")
    writer.writerow(header)
    for was, record in enumerate(_whole(records), 1):
        if len(record) == len(header):  # the loader refuses the rest
            if datetime.strptime(record[dated], layout.timestamp_format) >= moment:
                continue
            for place, column in blanked.items():
                taken.values[f"{contract.source}.{column}"] += record[place] != layout.null_text
                record[place] = layout.null_text
        writer.writerow(record)
        kept.append(was)
    out = written.getvalue().encode("utf-8-sig" if layout.byte_order_mark else layout.encoding)
    to.write_bytes(gzip.compress(out, mtime=0) if layout.compression == "gzip" else out)
    return kept


def _whole(records: Iterator[list[str]]) -> Iterator[list[str]]:
    """Records, without the empty line that may end a file."""
    return (record for record in records if record)
