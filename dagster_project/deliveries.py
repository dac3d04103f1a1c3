"""What lies in the folder of extracts: one delivery for each manifest, or why it cannot be used."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, cast

MANIFEST: Final = "manifest.json"
KINDS: Final = ("history", "regular", "off_cycle")
ID_DIGITS: Final = 10

_SHA256 = re.compile(r"[0-9a-f]{64}")
_ODD = re.compile(r"[^A-Za-z0-9_.-]")
_LONGEST: Final = 80
_LONGEST_NAME: Final = 200
"""Room for what the loader adds, in a file system that allows 255."""
_BLOCK: Final = 1 << 20


class DeliveryRefused(Exception):
    """Why a delivery cannot be loaded, in one sentence."""


@dataclass(frozen=True)
class ExtractFile:
    """One file as its manifest describes it."""

    name: str
    rows: int
    sha256: str
    bytes: int


@dataclass(frozen=True)
class Delivery:
    """One delivery as its manifest describes it; its files are not opened yet."""

    source: str
    delivery_id: str
    folder: Path
    kind: str
    received_at: datetime
    covers_from: datetime
    covers_to: datetime
    files: tuple[ExtractFile, ...]
    content_sha256: str


@dataclass(frozen=True)
class Refusal:
    """A folder whose manifest cannot be used."""

    source: str
    folder: str
    delivery_id: str
    reason: str


def content_hash(hashes: Iterable[str]) -> str:
    """What a delivery holds, whatever its files and its folder are called."""
    return hashlib.sha256("\n".join(sorted(hashes)).encode()).hexdigest()


def found_in(extracts: Path, source: str) -> list[Delivery | Refusal]:
    """Every complete delivery of a source; a folder without a manifest is still being written, and waits."""
    folder = extracts / source
    if not folder.is_dir():
        return []
    return [
        _delivery_in(entry, source)
        for entry in sorted(folder.iterdir())
        if entry.is_dir() and not entry.name.startswith(".") and (entry / MANIFEST).is_file()
    ]


def check_files(delivery: Delivery) -> None:
    """Hold the folder against its manifest: the same files, of the same size, with the same bytes."""
    try:
        here = {entry.name for entry in delivery.folder.iterdir()} - {MANIFEST}
        for file in delivery.files:
            if file.name not in here:
                raise DeliveryRefused(
                    f"the manifest names {file.name}, which is not in the folder; send it again"
                )
        if more := sorted(here - {file.name for file in delivery.files}):
            raise DeliveryRefused(
                f"the folder holds {more[0]}, which the manifest does not name; send a manifest of all files"
            )
        for file in delivery.files:
            _check_bytes(delivery.folder / file.name, file)
    except OSError as error:
        raise DeliveryRefused(f"its files cannot be read: {error.strerror or 'unknown error'}") from error


def _check_bytes(path: Path, file: ExtractFile) -> None:
    if not path.is_file():
        raise DeliveryRefused(f"{file.name} is not a file")
    if (size := path.stat().st_size) != file.bytes:
        raise DeliveryRefused(
            f"the manifest says {file.name} has {file.bytes:,} bytes, it has {size:,}; send it again"
        )
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    if digest.hexdigest() != file.sha256:
        raise DeliveryRefused(f"{file.name} does not have the sha256 that the manifest says; send it again")


def _delivery_in(folder: Path, source: str) -> Delivery | Refusal:
    """The delivery that a folder's manifest describes."""
    raw = b""
    try:
        raw = (folder / MANIFEST).read_bytes()
        return _delivery(folder, source, _object(raw))
    except OSError as error:
        reason = f"its manifest cannot be read: {error.strerror or 'unknown error'}"
    except DeliveryRefused as refused:
        reason = str(refused)
    digits = hashlib.sha256(os.fsencode(folder.name) + b"\n" + raw).hexdigest()[:ID_DIGITS]
    name = _ODD.sub("_", folder.name)[:_LONGEST]
    return Refusal(source, folder.name, f"{source}-{name}-{digits}", reason)


def _object(raw: bytes) -> dict[str, Any]:
    try:
        told: object = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise DeliveryRefused("its manifest is not JSON") from None
    if not isinstance(told, dict):
        raise DeliveryRefused("its manifest is not a JSON object")
    return cast(dict[str, Any], told)


def _delivery(folder: Path, source: str, told: dict[str, Any]) -> Delivery:
    for key in ("source", "kind", "received_at", "covers_from", "covers_to", "files"):
        if key not in told:
            raise DeliveryRefused(f"its manifest does not say {key}")
    if told["source"] != source:
        raise DeliveryRefused(f"its manifest names another source; the folder belongs to {source}")
    if told["kind"] not in KINDS:
        raise DeliveryRefused(f"its manifest names a kind that is not one of {', '.join(KINDS)}")
    received_at, covers_from, covers_to = (
        _moment(told, key) for key in ("received_at", "covers_from", "covers_to")
    )
    if covers_to < covers_from:
        raise DeliveryRefused("its manifest covers a time that ends before it begins")
    files = _files(told["files"])
    content = content_hash(file.sha256 for file in files)
    return Delivery(
        source=source,
        delivery_id=f"{source}-{received_at:%Y-%m-%d}-{content[:ID_DIGITS]}",
        folder=folder,
        kind=str(told["kind"]),
        received_at=received_at,
        covers_from=covers_from,
        covers_to=covers_to,
        files=files,
        content_sha256=content,
    )


def _moment(told: dict[str, Any], key: str) -> datetime:
    """A time as the sources mean it; one with an offset is told in UTC."""
    try:
        moment = datetime.fromisoformat(cast(str, told[key]))
        moment = moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    except (TypeError, ValueError, OverflowError):
        raise DeliveryRefused(f"its manifest's {key} is not a time like 2024-01-29T06:00:00") from None
    if not 1900 <= moment.year <= 2100:
        raise DeliveryRefused(f"its manifest's {key} lies before 1900 or after 2100")
    return moment


def _files(told: object) -> tuple[ExtractFile, ...]:
    if not isinstance(told, list) or not told:
        raise DeliveryRefused("its manifest lists no files")
    files = sorted((_file(entry) for entry in cast(list[object], told)), key=lambda file: file.name)
    for one, other in pairwise(files):
        if one.name == other.name:
            raise DeliveryRefused(f"its manifest names {one.name} twice")
    return tuple(files)


def _file(told: object) -> ExtractFile:
    if not isinstance(told, dict):
        raise DeliveryRefused(
            "its manifest lists a file that is not an object with name, rows, sha256 and bytes"
        )
    entry = cast(dict[str, Any], told)
    name = entry.get("name")
    if not isinstance(name, str) or not _is_plain(name):
        raise DeliveryRefused(
            "its manifest names a file by something else than a plain file name "
            f"of up to {_LONGEST_NAME} bytes"
        )
    counts = [entry.get("rows"), entry.get("bytes")]
    if not all(type(count) is int and count >= 0 for count in counts):
        raise DeliveryRefused(f"its manifest does not count the rows and bytes of {name}")
    digest = entry.get("sha256")
    if not isinstance(digest, str) or not _SHA256.fullmatch(digest):
        raise DeliveryRefused(f"its manifest does not give a sha256 of {name} in 64 digits of lower case")
    return ExtractFile(name, entry["rows"], digest, entry["bytes"])


def _is_plain(name: str) -> bool:
    return (
        bool(name)
        and name not in {".", "..", MANIFEST}
        and not set(name) & {"/", "\\", "\0"}
        and name.isprintable()
        and len(name.encode()) <= _LONGEST_NAME
    )
