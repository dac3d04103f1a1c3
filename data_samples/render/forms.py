"""Risk forms; a few are graded again, one grade higher."""

from __future__ import annotations

import numpy as np
import polars as pl

from data_samples import records
from data_samples.chance import Columns, happens
from data_samples.prose.codes import THEMES
from data_samples.records import DAY, NONE
from data_samples.render.incidents import ARGUMENT
from data_samples.render.scribe import Scribe
from data_samples.render.texts import Telling, tell
from data_samples.render.values import instants, labels, references
from data_samples.render.versions import once_more, take

_STALKING = THEMES.index("stalking")


def write_forms(scribe: Scribe, forms: Columns) -> None:
    """The people on a form are those of its crime or incident."""
    number, completed = forms["form"], forms["completed"]
    reference = references("F", number)
    theme = np.where(forms["crime"] >= 0, _STALKING, ARGUMENT)
    telling = Telling(number, theme, forms["facts"], forms["suspect"], forms["victim"], completed)
    has_text = happens(0.8, scribe.seed, "form has text", number)
    occasion = np.maximum(forms["crime"], forms["incident"])
    columns = {
        "form_ref": reference,
        "form_kind": labels(records.FORM_KINDS, forms["form_kind"]),
        "crime_ref": references("CR", forms["crime"]),
        "incident_ref": references("DI", forms["incident"]),
        "completed_at": instants(completed),
        "created_at": instants(forms["created"]),
        "form_text": tell(scribe, "risk_forms", "form", reference, telling, has_text),
        **_answers(forms),
    }
    for role in ("victim", "suspect"):
        shown = scribe.referred_to("crime", forms[role], occasion, completed // DAY)
        columns[f"{role}_nominal_ref"] = shown
    later = np.maximum(forms["regraded"], forms["created"] + 3600)
    row, at = once_more(forms["created"], forms["regraded"] >= 0, later)
    grade = forms["grade"][row]
    higher = (np.arange(len(row)) >= len(number)) & (grade >= 0)
    grade = np.where(higher, np.minimum(grade + 1, len(records.GRADES) - 1), grade)
    columns = take(columns, row)
    columns |= {"grade": labels(records.GRADES, grade), "updated_at": instants(at)}
    scribe.emit("risk_forms", columns, at)


def _answers(forms: Columns) -> dict[str, pl.Series]:
    columns: dict[str, pl.Series] = {}
    for bit, question in enumerate(records.QUESTIONS):
        unanswered = ((forms["unanswered"] >> bit) & 1) > 0
        answer = (forms["answers"] >> bit) & 1
        columns[f"q_{question}"] = labels(("N", "Y"), np.where(unanswered, NONE, answer))
    return columns
