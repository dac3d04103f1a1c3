"""Domestic incidents without an offence."""

from __future__ import annotations

import numpy as np
import polars as pl

from data_samples import rates, records
from data_samples.chance import Columns, happens
from data_samples.prose.codes import THEMES
from data_samples.records import DAY
from data_samples.render.scribe import Scribe
from data_samples.render.texts import Telling, tell
from data_samples.render.values import flags, instants, labels, references

_ETHNICITY_MISSING = {"victim": 0.38, "other": 0.42}
ARGUMENT = THEMES.index("domestic_argument")


def write_incidents(scribe: Scribe, incidents: Columns) -> None:
    number, occurred = incidents["incident"], incidents["occurred"]
    reference = references("DI", number)
    theme = np.full(len(number), ARGUMENT)
    telling = Telling(number, theme, incidents["facts"], incidents["other"], incidents["victim"], occurred)
    text = tell(scribe, "domestic_incidents", "incident", reference, telling)
    columns: dict[str, pl.Series] = {}
    for role, share in _ETHNICITY_MISSING.items():
        missing = happens(share, scribe.seed, f"{role} ethnicity", number)
        written = scribe.registry.record(
            "domestic", incidents[role], number, occurred // DAY, ethnicity_missing=missing
        )
        scribe.identities("domestic_incidents", "domestic", written)
        person = written.frame.drop("middle_name")
        columns |= {f"{role}_{name}": person[name] for name in person.columns}
    columns |= {
        "incident_ref": reference,
        "occurred_at": instants(occurred),
        "created_at": instants(incidents["created"]),
        "updated_at": instants(incidents["created"]),
        **scribe.ward(incidents["ward"]),
        "relationship": labels(rates.RELATIONSHIPS, incidents["relationship"]),
        "risk_grade": labels(records.GRADES, incidents["grade"]),
        "children_present": flags(incidents["children"]),
        "command_log_ref": references("L", incidents["log"]),
        "incident_text": text,
    }
    scribe.emit("domestic_incidents", columns, incidents["created"])
