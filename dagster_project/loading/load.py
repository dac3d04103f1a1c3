"""Everything of one source: which deliveries are new, which repeat another, and the loading of each."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from dagster_project.contracts import Contract
from dagster_project.deliveries import Delivery, DeliveryRefused, Refusal, check_files, found_in
from dagster_project.loading.accepting import Accepted, FileCount, accept
from dagster_project.loading.engine import Engines, started
from dagster_project.loading.shelf import Shelf, Told, write_manifest

Progress = Callable[[str, int, int], None]
"""Told the source, the rows done and the rows expected, after each file."""


def silent(stage: str, done: int, expected: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Loaded:
    """What became of one delivery, now or earlier."""

    delivery_id: str
    source: str
    status: str
    reason: str
    files: tuple[FileCount, ...]
    warnings: tuple[str, ...]
    seconds: float
    is_new: bool


def load_source(
    contract: Contract, extracts: Path, deliveries: Path, progress: Progress = silent
) -> list[Loaded]:
    """Everything of one source that has arrived; what was dealt with before is left as it is."""
    shelf = Shelf(deliveries / contract.source)
    shelf.tidy()
    found = found_in(extracts, contract.source)
    with shelf.scratch() as scratch, started(scratch) as engines:
        return _Loading(contract, shelf, found, engines, scratch, progress).run()


@dataclass(frozen=True)
class _Candidate:
    """A delivery in the folder of extracts, or one that was loaded earlier, or both."""

    order: tuple[Any, ...]
    delivery_id: str
    repeats_by: str
    delivery: Delivery | None


class _Loading:
    """One call of `load_source`."""

    def __init__(
        self,
        contract: Contract,
        shelf: Shelf,
        found: Sequence[Delivery | Refusal],
        engines: Engines,
        scratch: Path,
        progress: Progress,
    ) -> None:
        self._contract, self._shelf, self._engines, self._scratch = contract, shelf, engines, scratch
        self._progress = progress
        self._refusals = [one for one in found if isinstance(one, Refusal)]
        self._deliveries = [one for one in found if isinstance(one, Delivery)]
        self._standing = shelf.standing()
        self._results: dict[str, Loaded] = {}
        self._done = 0
        self._expected = sum(
            file.rows for one in self._deliveries if not self._is_settled(one) for file in one.files
        )

    def run(self) -> list[Loaded]:
        """Groups of equal content one after the other, in order of receipt."""
        if self._expected:
            self._progress(self._contract.source, 0, self._expected)
        for refusal in self._refusals:
            self._note_refusal(refusal)
        groups: dict[str, list[_Candidate]] = {}
        for candidate in sorted(self._candidates(), key=lambda one: one.order):
            groups.setdefault(candidate.repeats_by, []).append(candidate)
        for group in groups.values():
            self._run_group(group)
        self._forget_outdated()
        for delivery_id, told in self._standing.items():
            self._results.setdefault(delivery_id, _from_manifest(told, is_new=False))
        return sorted(self._results.values(), key=lambda one: one.delivery_id)

    def _candidates(self) -> list[_Candidate]:
        """What has arrived, and what was loaded earlier and may have left the folder of extracts since."""
        arrived = [
            _Candidate(_order(one), one.delivery_id, _repeats_by(one), one) for one in self._deliveries
        ]
        known = {one.order for one in arrived}
        earlier = [
            _Candidate(_order_told(told), delivery_id, _repeats_by_told(told), None)
            for delivery_id, told in self._standing.items()
            if told["status"] == "loaded" and _order_told(told) not in known
        ]
        return arrived + earlier

    def _run_group(self, group: Sequence[_Candidate]) -> None:
        """The earliest that can be loaded is; the others repeat it."""
        winner: str | None = None
        for candidate in group:
            if candidate.delivery_id == winner:
                continue
            if winner is not None:
                self._note_repeat(candidate, winner)
            elif candidate.delivery is None or self._load(candidate.delivery):
                winner = candidate.delivery_id

    def _is_settled(self, delivery: Delivery) -> bool:
        told = self._standing.get(delivery.delivery_id)
        return told is not None and told["status"] == "loaded" and _order_told(told) == _order(delivery)

    def _load(self, delivery: Delivery) -> bool:
        """Whether the delivery is loaded, now or earlier."""
        if self._is_settled(delivery):
            return True
        begun = time.perf_counter()
        try:
            with self._shelf.placing(delivery.delivery_id) as folder:
                check_files(delivery)
                accepted = accept(self._engines, self._contract, delivery, folder, self._scratch, self._told)
                told = self._manifest(delivery, "loaded", "", accepted)
                write_manifest(folder, told)
        except DeliveryRefused as refused:
            self._engines.renew()
            self._note(self._manifest(delivery, "refused", str(refused)), begun)
            return False
        self._keep(told, begun)
        return True

    def _note_repeat(self, candidate: _Candidate, winner: str) -> None:
        """A later receipt of what is loaded already; it is held against its manifest once."""
        begun = time.perf_counter()
        told = self._standing.get(candidate.delivery_id)
        if candidate.delivery is None:
            assert told is not None
            repeat: Told = {**told, "status": "repeat", "reason": _repeats(winner)}
            repeat |= {"files": list[Told](), "warnings": list[str]()}
        else:
            repeat = self._manifest(candidate.delivery, "repeat", _repeats(winner))
            if told != repeat:
                try:
                    check_files(candidate.delivery)
                except DeliveryRefused as refused:
                    repeat = self._manifest(candidate.delivery, "refused", str(refused))
        self._note(repeat, begun)

    def _note_refusal(self, refusal: Refusal) -> None:
        told: Told = dict.fromkeys(("kind", "received_at", "covers_from", "covers_to", "content_sha256"))
        told |= {"delivery_id": refusal.delivery_id, "source": refusal.source, "status": "refused"}
        told |= {"reason": refusal.reason, "folder": refusal.folder, "files": [], "warnings": []}
        self._note(told | {"contract_sha256": self._contract.sha256}, time.perf_counter())

    def _note(self, told: Told, begun: float) -> None:
        """Put down why nothing was loaded; what is loaded under that id gives way to a repeat only."""
        standing = self._standing.get(told["delivery_id"])
        if standing == told or (told["status"] == "refused" and standing and standing["status"] == "loaded"):
            self._results.setdefault(told["delivery_id"], _from_manifest(standing or told, is_new=False))
            return
        with self._shelf.placing(told["delivery_id"]) as folder:
            write_manifest(folder, told)
        self._keep(told, begun)

    def _keep(self, told: Told, begun: float) -> None:
        self._standing[told["delivery_id"]] = told
        result = _from_manifest(told, is_new=True, seconds=time.perf_counter() - begun)
        self._results[told["delivery_id"]] = result

    def _forget_outdated(self) -> None:
        """A refused folder that was mended has another id now; the note about the old one goes."""
        here = {one.folder.name: one.delivery_id for one in self._deliveries}
        here |= {one.folder: one.delivery_id for one in self._refusals}
        for delivery_id, told in list(self._standing.items()):
            if told["status"] == "refused" and here.get(str(told["folder"]), delivery_id) != delivery_id:
                self._shelf.remove(delivery_id)
                del self._standing[delivery_id]

    def _told(self, rows: int) -> None:
        self._done += rows
        self._progress(self._contract.source, self._done, max(self._expected, self._done))

    def _manifest(
        self, delivery: Delivery, status: str, reason: str, accepted: Accepted | None = None
    ) -> Told:
        """What stays on record; nothing in it depends on when or where it was loaded."""
        files = zip(delivery.files, accepted.counts, accepted.parquet, strict=True) if accepted else ()
        return {
            "delivery_id": delivery.delivery_id,
            "source": delivery.source,
            "status": status,
            "reason": reason,
            "kind": delivery.kind,
            "received_at": delivery.received_at.isoformat(),
            "covers_from": delivery.covers_from.isoformat(),
            "covers_to": delivery.covers_to.isoformat(),
            "content_sha256": delivery.content_sha256,
            "contract_sha256": self._contract.sha256,
            "folder": delivery.folder.name,
            "warnings": list(accepted.warnings) if accepted else [],
            "files": [
                asdict(count) | {"parquet": parquet, "sha256": file.sha256, "bytes": file.bytes}
                for file, count, parquet in files
            ],
        }


def _repeats(winner: str) -> str:
    return f"the same content as {winner}, which was received first"


def _repeats_by(delivery: Delivery) -> str:
    """What two deliveries share if one repeats the other: two months in which nothing happened do not."""
    has_rows = any(file.rows for file in delivery.files)
    return delivery.content_sha256 if has_rows else delivery.delivery_id


def _repeats_by_told(told: Told) -> str:
    has_rows = any(file["rows_received"] for file in told["files"])
    return str(told["content_sha256"] if has_rows else told["delivery_id"])


def _order(delivery: Delivery) -> tuple[Any, ...]:
    names = tuple((file.name, file.sha256) for file in delivery.files)
    return (delivery.received_at, delivery.kind, delivery.covers_from, delivery.covers_to, names)


def _order_told(told: Told) -> tuple[Any, ...]:
    names = tuple((str(file["name"]), str(file["sha256"])) for file in told["files"])
    times = [datetime.fromisoformat(told[key]) for key in ("received_at", "covers_from", "covers_to")]
    return (times[0], str(told["kind"]), times[1], times[2], names)


def _from_manifest(told: Told, is_new: bool, seconds: float = 0.0) -> Loaded:
    counts = ("rows_received", "rows_loaded", "rows_quarantined", "rows_repeated")
    files = tuple(
        FileCount(str(file["name"]), *(int(file[count]) for count in counts)) for file in told["files"]
    )
    return Loaded(
        delivery_id=str(told["delivery_id"]),
        source=str(told["source"]),
        status=str(told["status"]),
        reason=str(told["reason"]),
        files=files,
        warnings=tuple(told["warnings"]),
        seconds=seconds,
        is_new=is_new,
    )
