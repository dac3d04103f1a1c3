"""Investigation actions."""

from __future__ import annotations

import numpy as np

from data_samples import records
from data_samples.chance import Columns, uniform
from data_samples.records import DAY, RESULTS
from data_samples.render.scribe import Scribe
from data_samples.render.values import instants, labels, only, references

_DIFFERENT = RESULTS.index("different_offence")
_CHARGES = ("charged with harassment", "charged with breach of an order")


def write_actions(scribe: Scribe, actions: Columns) -> None:
    """Only a charge with another offence has a detail."""
    charge = (uniform(scribe.seed, "charge", actions["crime"]) * 1.5).astype(np.int64)
    columns = {
        "action_ref": references("A", actions["action"]),
        "crime_ref": references("CR", actions["crime"]),
        "action_at": instants(actions["at"]),
        "created_at": instants(actions["created"]),
        "action_kind": labels(records.ACTIONS, actions["action_kind"]),
        "result": labels(RESULTS, actions["result"]),
        "nominal_ref": scribe.referred_to("crime", actions["about"], actions["crime"], actions["at"] // DAY),
        "detail": only(actions["result"] == _DIFFERENT, labels(_CHARGES, charge)),
    }
    scribe.emit("investigation_actions", columns, actions["created"])
