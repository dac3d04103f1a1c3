"""Contacts and command logs."""

from __future__ import annotations

import numpy as np
import polars as pl

from data_samples import records
from data_samples.chance import Columns, happens, uniform
from data_samples.nominals import Recorded
from data_samples.records import DAY
from data_samples.render.scribe import Scribe
from data_samples.render.texts import Telling, tell
from data_samples.render.values import flags, instants, labels, only, references
from data_samples.render.versions import once_more, take

_STAND_INS = 3_000  # residents in whose place nobody is shown


def write_contacts(scribe: Scribe, contacts: Columns) -> None:
    """Callers leave a number, and fewer of them a name."""
    number, known = contacts["contact"], contacts["caller"] >= 0
    named = known & happens(0.42, scribe.seed, "caller named", number)
    caller = np.where(known, contacts["caller"], number % _STAND_INS)
    written = scribe.registry.record("contact", caller, number, contacts["at"] // DAY, named=named)
    identity = written.identity.filter(pl.Series(known))
    shown = Recorded(written.frame, identity, written.corrupted.join(identity, on="nominal_ref", how="semi"))
    scribe.identities("contacts", "contact", shown)
    closing = (uniform(scribe.seed, "contact closing", number) * len(records.CLOSINGS)).astype(np.int64)
    columns = {
        "contact_ref": references("CT", number),
        "contact_at": instants(contacts["at"]),
        "created_at": instants(contacts["created"]),
        "channel": labels(records.CONTACT_CHANNELS, contacts["channel"]),
        "caller_role": labels(records.CALLER_ROLES, contacts["caller_role"]),
        "caller_ref": only(known, written.frame["nominal_ref"]),
        "surname": only(known, written.frame["surname"]),
        "forename": only(known, written.frame["forename"]),
        "caller_phone": only(known, written.frame["phone"]),
        "category": labels(records.CATEGORIES, contacts["category"]),
        **scribe.ward(contacts["ward"]),
        "incident_ref": references("L", contacts["log"]),
        "crime_ref": references("CR", contacts["crime"]),
        "closing_code": labels(records.CLOSINGS, closing),
    }
    scribe.emit("contacts", columns, contacts["created"])


def write_logs(scribe: Scribe, logs: Columns) -> None:
    """A log is delivered when it is closed, and a few again when they are reopened."""
    number, known = logs["log"], logs["caller"] >= 0
    reference = references("L", number)
    telling = Telling(number, logs["theme"], logs["facts"], logs["suspect"], logs["caller"], logs["started"])
    facts = scribe.population.facts(np.where(known, logs["caller"], 0))
    phone = pl.Series(scribe.population.phone_number(facts, logs["started"] // DAY)).cast(pl.String)
    columns = {
        "incident_ref": reference,
        "started_at": instants(logs["started"]),
        "created_at": instants(logs["created"]),
        "closed_at": instants(logs["closed"]),
        "opening_code": labels(records.CATEGORIES, logs["opening"]),
        "closing_code": labels(records.CLOSINGS, logs["closing"]),
        "priority": labels(records.PRIORITIES, logs["priority"]),
        **scribe.ward(logs["ward"]),
        "postcode": scribe.postcodes(logs["ward"], number),
        "caller_phone": only(known & happens(0.85, scribe.seed, "number shown", number), phone.str.zfill(11)),
        "crime_ref": references("CR", logs["crime"]),
        "domestic_flag": flags(logs["domestic"]),
        "log_text": tell(scribe, "command_logs", "log", reference, telling, logs["has_text"]),
    }
    reopened = happens(0.02, scribe.seed, "log reopened", number)
    row, at = once_more(logs["closed"], reopened, logs["closed"] + 3 * DAY)
    scribe.emit("command_logs", take(columns, row) | {"updated_at": instants(at)}, at)
