"""Custody: a row on arrival, one when the detainee leaves or is released, one when sentenced."""

from __future__ import annotations

import numpy as np
import polars as pl

from data_samples import offences, records
from data_samples.chance import Columns, Ints
from data_samples.records import DAY, NONE
from data_samples.render.scribe import Scribe
from data_samples.render.values import flags, instants, labels, only, references
from data_samples.render.versions import at_each, take

_CODES = tuple(offences.CODES)


def write_custody(scribe: Scribe, custody: Columns) -> None:
    """Each version shows only what had happened by its time."""
    written = scribe.registry.record(
        "custody",
        custody["detainee"],
        custody["custody"],
        custody["arrested"] // DAY,
        ethnicity_missing=custody["ethnicity_missing"],
    )
    scribe.identities("custody", "custody", written)
    row, at = at_each(_moments(custody))
    then = {name: column[row] for name, column in custody.items()}
    person = written.frame.rename({"nominal_ref": "detainee_ref"})
    columns = take({name: person[name] for name in person.columns}, row)
    columns |= {
        "custody_ref": references("CU", then["custody"]),
        "arrested_at": instants(then["arrested"]),
        "created_at": instants(then["created"]),
        "updated_at": instants(at),
        "offence_code": labels(_CODES, then["kind"]),
        "crime_ref": references("CR", then["crime"]),
        **{f"{name}_flag": flags(then[name]) for name in ("mental_health", "alcohol", "drugs", "self_harm")},
        **_by_then(then, at),
    }
    scribe.emit("custody", columns, at)


def _moments(custody: Columns) -> list[Ints]:
    """When a row is entered; a late release brings the disposal with it."""
    disposed, released, sentenced = custody["disposed"], custody["released"], custody["sentenced"]
    left = np.where(released > disposed + 2 * DAY, released, disposed)
    return [custody["created"], left, np.where(sentenced != NONE, sentenced + DAY, NONE)]


def _by_then(then: Columns, at: Ints) -> dict[str, pl.Series]:
    def moment(name: str) -> Ints:
        return np.where(then[name] <= at, then[name], NONE)

    interviewed, sentenced = moment("interviewed"), moment("sentenced")
    account = np.where(interviewed != NONE, then["account"], NONE)
    disposal = np.where(then["disposed"] <= at, then["disposal"], NONE)
    return {
        "interviewed_at": instants(interviewed),
        "interview_account": labels(records.ACCOUNTS, account),
        "disposal": labels(records.DISPOSALS, disposal),
        "disposal_at": instants(moment("disposed")),
        "released_at": instants(moment("released")),
        "sentence_days": only(sentenced != NONE, pl.Series(then["sentence_days"])),
        "sentence_at": instants(sentenced),
        "release_notice_at": instants(moment("notice")),
    }
