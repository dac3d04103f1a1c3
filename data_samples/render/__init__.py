"""Writes records out the way each system does: local numbers, code words, people as misspelt there, prose."""

from __future__ import annotations

import polars as pl

from data_samples.render.actions import write_actions
from data_samples.render.calls import write_contacts, write_logs
from data_samples.render.crimes import write_crimes
from data_samples.render.custody import write_custody
from data_samples.render.forms import write_forms
from data_samples.render.incidents import write_incidents
from data_samples.render.intelligence import write_intelligence
from data_samples.render.notes import write_notes
from data_samples.render.orders import write_orders
from data_samples.render.scribe import Scribe
from data_samples.render.values import arrays, arrow_text, dates, instants, labels, references

__all__ = ["Scribe", "arrow_text", "dates", "instants", "labels", "references", "write_records"]

SLICE = 100_000  # rows at a time, which keeps memory flat
_WRITERS = {
    "crimes": write_crimes,
    "contacts": write_contacts,
    "logs": write_logs,
    "incidents": write_incidents,
    "forms": write_forms,
    "custody": write_custody,
    "notes": write_notes,
    "intelligence": write_intelligence,
    "orders": write_orders,
    "actions": write_actions,
}


def write_records(scribe: Scribe, kind: str, made: pl.DataFrame) -> None:
    """Write out one kind of record."""
    for low in range(0, made.height, SLICE):
        _WRITERS[kind](scribe, arrays(made.slice(low, SLICE)))
