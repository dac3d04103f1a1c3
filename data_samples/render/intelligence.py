"""Intelligence reports; a few are graded again, one grade lower."""

from __future__ import annotations

import numpy as np

from data_samples.chance import Columns, happens, uniform
from data_samples.records import DAY
from data_samples.render.scribe import Scribe
from data_samples.render.texts import Telling, tell
from data_samples.render.values import dates, instants, labels, references
from data_samples.render.versions import once_more, take

_PROVENANCES = (
    "officer_observation", "anonymous_call", "partner_agency", "member_of_public", "sanitised"
)  # fmt: skip
_SHOWN = ("surname", "forename", "date_of_birth", "sex", "postcode")


def write_intelligence(scribe: Scribe, reports: Columns) -> None:
    number, event_day = reports["report"], reports["event_day"]
    reference = references("IR", number)
    telling = Telling(
        number, reports["theme"], reports["facts"], reports["subject"], reports["other"], reports["created"]
    )
    text = tell(scribe, "intelligence", "intelligence", reference, telling)
    written = scribe.registry.record("intelligence", reports["subject"], number, event_day)
    scribe.identities("intelligence", "intelligence", written)
    graded = uniform(scribe.seed, "grading", number)
    provenance = (uniform(scribe.seed, "provenance", number) * 4.99).astype(np.int64)
    columns = {
        "report_ref": reference,
        "event_on": dates(event_day),
        "created_at": instants(reports["created"]),
        "subject_ref": written.frame["nominal_ref"],
        **{name: written.frame[name] for name in _SHOWN},
        "other_subject_ref": scribe.referred_to("intelligence", reports["other"], number, event_day),
        "source_grade": labels(("1", "2", "3"), (graded * 2.99).astype(np.int64)),
        "handling_code": labels(("P", "C"), (graded * 1.2).astype(np.int64)),
        "provenance": labels(_PROVENANCES, provenance),
        "report_text": text,
    }
    regraded = happens(0.03, scribe.seed, "regraded", number)
    row, at = once_more(reports["created"], regraded, reports["created"] + 9 * DAY)
    is_later = np.arange(len(row)) >= len(number)
    grade = ((graded[row] * 977) % 1 * 4).astype(np.int64) + is_later
    columns = take(columns, row)
    columns |= {"information_grade": labels(("A", "B", "C", "D", "E"), grade), "updated_at": instants(at)}
    scribe.emit("intelligence", columns, at)
