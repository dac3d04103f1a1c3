"""Protective orders, a row a step."""

from __future__ import annotations

import numpy as np

from data_samples import records
from data_samples.chance import Columns, uniform
from data_samples.records import DAY, NONE, ORDER_STEPS
from data_samples.render.scribe import Scribe
from data_samples.render.values import dates, instants, labels, only, references

_CONDITIONS = (
    "no contact by any means",
    "no contact; not to enter the named street",
    "no contact; to attend an assessment",
    "not to approach within 100 metres of the home",
    "no contact; devices to be shown on request",
)
_IN_FORCE = [ORDER_STEPS.index(step) for step in ("interim", "full", "served", "varied")]
_SHOWN = ("surname", "forename", "date_of_birth")


def write_orders(scribe: Scribe, orders: Columns) -> None:
    """Conditions and an officer stand in the steps in which an order is in force."""
    day = orders["at"] // DAY
    written = scribe.registry.record("crime", orders["respondent"], orders["crime"], day)
    scribe.identities("orders", "crime", written)
    in_force = np.isin(orders["step"], _IN_FORCE)
    drawn = uniform(scribe.seed, "order", orders["order"])
    conditions = np.where(in_force, (drawn * 4.99).astype(np.int64), NONE)
    columns = {
        "order_ref": references("O", orders["order"]),
        "order_kind": labels(records.ORDER_KINDS, orders["order_kind"]),
        "step": labels(ORDER_STEPS, orders["step"]),
        "step_at": instants(orders["at"]),
        "created_at": instants(orders["created"]),
        "crime_ref": references("CR", orders["crime"]),
        "respondent_nominal_ref": written.frame["nominal_ref"],
        **{f"respondent_{name}": written.frame[name] for name in _SHOWN},
        "protected_nominal_ref": scribe.referred_to("crime", orders["protected"], orders["crime"], day),
        "reason_not_pursued": labels(records.REASONS, orders["reason"]),
        "conditions": labels(_CONDITIONS, conditions),
        "managing_officer": only(in_force & (drawn < 0.7), scribe.officers("manager", orders["order"])),
        "expires_on": dates(orders["expires_day"]),
        "breach_crime_ref": references("CR", orders["breach"]),
    }
    scribe.emit("orders", columns, orders["created"])
