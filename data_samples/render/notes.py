"""Case notes."""

from __future__ import annotations

from data_samples import records
from data_samples.chance import Columns
from data_samples.render.scribe import Scribe
from data_samples.render.texts import Telling, tell
from data_samples.render.values import instants, labels, references


def write_notes(scribe: Scribe, notes: Columns) -> None:
    reference = references("N", notes["note"])
    telling = Telling(
        notes["note"], notes["theme"], notes["facts"], notes["suspect"], notes["victim"], notes["at"]
    )
    columns = {
        "note_ref": reference,
        "crime_ref": references("CR", notes["crime"]),
        "noted_at": instants(notes["at"]),
        "created_at": instants(notes["created"]),
        "note_kind": labels(records.NOTE_KINDS, notes["note_kind"]),
        "officer_number": scribe.officers("collar", notes["note"]),
        "note_text": tell(scribe, "case_notes", "note", reference, telling),
    }
    scribe.emit("case_notes", columns, notes["created"])
