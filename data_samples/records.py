"""What the force's systems hold before anybody writes it out: one typed frame per kind of record.

The people of the courses and the background make the same records, so that nothing in an extract
tells one from the other.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from data_samples.chance import Columns, Floats, Ints

DAY: Final = 86_400
NONE: Final = -1  # no such person, crime, time: everything is a number until it is rendered
NEVER_SECOND: Final = 2**40

Frames = dict[str, pl.DataFrame]
"""Records by kind."""

_NUMBER, _FLAG, _WORD = pl.Int64(), pl.Boolean(), pl.String()
_ABSENT: Final[dict[pl.DataType, int | bool | str]] = {_NUMBER: NONE, _FLAG: False, _WORD: ""}

SHAPES: Final[dict[str, dict[str, pl.DataType]]] = {
    "crimes": {
        "crime": _NUMBER, "course": _NUMBER, "offender": _NUMBER, "victim": _NUMBER, "kind": _NUMBER,
        "first_kind": _NUMBER, "created": _NUMBER, "reported": _NUMBER, "occurred": _NUMBER,
        "occurred_to": _NUMBER, "year_only": _FLAG, "reclassified": _NUMBER, "outcome": _WORD,
        "outcome_at": _NUMBER, "cancelled_at": _NUMBER, "channel": _NUMBER, "reported_by": _NUMBER,
        "ward": _NUMBER, "place": _NUMBER, "domestic": _FLAG, "online": _FLAG, "cyber_flag_at": _NUMBER,
        "weapon": _FLAG, "vulnerable_at": _NUMBER, "team": _NUMBER, "score": _NUMBER, "principal": _NUMBER,
        "theme": _NUMBER, "facts": _NUMBER, "relationship": _NUMBER, "named": _FLAG,
        "victim_ethnicity_missing": _FLAG, "suspect_ethnicity_missing": _FLAG, "mental_health": _FLAG,
        "victim_vulnerable": _FLAG, "charged": _FLAG, "witness": _FLAG, "has_text": _FLAG,
    },
    "contacts": {
        "contact": _NUMBER, "at": _NUMBER, "created": _NUMBER, "channel": _NUMBER, "caller_role": _NUMBER,
        "caller": _NUMBER, "category": _NUMBER, "ward": _NUMBER, "log": _NUMBER, "crime": _NUMBER,
    },
    "logs": {
        "log": _NUMBER, "started": _NUMBER, "created": _NUMBER, "closed": _NUMBER, "opening": _NUMBER,
        "closing": _NUMBER, "priority": _NUMBER, "ward": _NUMBER, "caller": _NUMBER, "suspect": _NUMBER,
        "crime": _NUMBER, "domestic": _FLAG, "theme": _NUMBER, "facts": _NUMBER, "has_text": _FLAG,
    },
    "incidents": {
        "incident": _NUMBER, "occurred": _NUMBER, "created": _NUMBER, "ward": _NUMBER, "victim": _NUMBER,
        "other": _NUMBER, "relationship": _NUMBER, "grade": _NUMBER, "children": _FLAG, "log": _NUMBER,
        "facts": _NUMBER,
    },
    "forms": {
        "form": _NUMBER, "form_kind": _NUMBER, "crime": _NUMBER, "incident": _NUMBER, "victim": _NUMBER,
        "suspect": _NUMBER, "completed": _NUMBER, "created": _NUMBER, "grade": _NUMBER, "answers": _NUMBER,
        "unanswered": _NUMBER, "facts": _NUMBER, "regraded": _NUMBER,
    },
    "custody": {
        "custody": _NUMBER, "detainee": _NUMBER, "arrested": _NUMBER, "created": _NUMBER, "kind": _NUMBER,
        "crime": _NUMBER, "mental_health": _FLAG, "alcohol": _FLAG, "drugs": _FLAG, "self_harm": _FLAG,
        "interviewed": _NUMBER, "account": _NUMBER, "disposal": _NUMBER, "disposed": _NUMBER,
        "released": _NUMBER, "sentence_days": _NUMBER, "sentenced": _NUMBER, "notice": _NUMBER,
        "ethnicity_missing": _FLAG,
    },
    "notes": {
        "note": _NUMBER, "crime": _NUMBER, "at": _NUMBER, "created": _NUMBER, "note_kind": _NUMBER,
        "theme": _NUMBER, "facts": _NUMBER, "victim": _NUMBER, "suspect": _NUMBER,
    },
    "intelligence": {
        "report": _NUMBER, "event_day": _NUMBER, "created": _NUMBER, "subject": _NUMBER, "other": _NUMBER,
        "theme": _NUMBER, "facts": _NUMBER,
    },
    "orders": {
        "order": _NUMBER, "order_kind": _NUMBER, "step": _NUMBER, "at": _NUMBER, "created": _NUMBER,
        "crime": _NUMBER, "respondent": _NUMBER, "protected": _NUMBER, "reason": _NUMBER,
        "expires_day": _NUMBER, "breach": _NUMBER,
    },
    "actions": {
        "action": _NUMBER, "crime": _NUMBER, "at": _NUMBER, "created": _NUMBER, "action_kind": _NUMBER,
        "result": _NUMBER, "about": _NUMBER,
    },
}  # fmt: skip


def frame(table: str, values: Columns) -> pl.DataFrame:
    """A frame of this kind of record; what is not given is absent (-1, no facts, false or empty)."""
    shape = SHAPES[table]
    unknown = set(values) - set(shape)
    if unknown:
        raise KeyError(f"{table} has no {', '.join(sorted(unknown))}")
    height = len(next(iter(values.values())))
    columns: list[pl.Series] = []
    for name, kind in shape.items():
        if name in values:
            columns.append(pl.Series(name, values[name]).cast(kind))
        else:
            default = 0 if name == "facts" else _ABSENT[kind]
            columns.append(pl.Series(name, [default], dtype=kind).new_from_index(0, height))
    return pl.DataFrame(columns)


def stack(parts: list[Columns]) -> Columns:
    """The same columns of several parts, one below the other."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def seconds(days: Floats) -> Ints:
    """Days with their fraction as epoch seconds; an infinite day never comes."""
    return np.where(np.isfinite(days), days * DAY, NEVER_SECOND).astype(np.int64)


# Code lists of the systems, in the order of their numbers above.
CHANNELS: Final = ("phone", "in_person", "online", "officer", "agency")
CONTACT_CHANNELS: Final = ("999", "101", "live_chat", "online_report", "front_counter")
REPORTERS: Final = ("victim", "third_party", "officer")
PLACES: Final = ("victim_home", "work_or_school", "public_place", "other", "suspect_home")
TEAMS: Final = ("safeguarding", "district_investigation", "patrol", "cid", "volume_crime")
CALLER_ROLES: Final = ("victim", "third_party", "suspect", "unknown")
CATEGORIES: Final = (
    "harassment", "domestic", "nuisance_calls", "suspicious", "damage", "violence", "burglary", "theft",
    "road", "welfare", "antisocial", "other",
)  # fmt: skip
CLOSINGS: Final = ("crime_recorded", "no_offence", "advice_given", "duplicate", "no_trace", "referred")
PRIORITIES: Final = ("immediate", "priority", "scheduled", "resolved_without_deployment")
FORM_KINDS: Final = ("DASH", "S-DASH", "DARA", "SASH", "STALKING_SCREEN", "VPS")
GRADES: Final = ("standard", "medium", "high")
QUESTIONS: Final = (
    "frightened", "injured", "isolated", "suicidal_thoughts", "separated", "child_contact", "pregnant",
    "constant_contact", "controlling", "escalating", "strangled", "weapons", "threats_to_kill",
    "sexual_harm", "substance_misuse", "suspect_suicide_threats", "order_breached", "police_history",
)  # fmt: skip
ACCOUNTS: Final = ("denied", "no_comment", "admitted", "counter_allegation")
DISPOSALS: Final = ("bailed", "remanded", "released_under_investigation", "released_no_action", "charged")
NOTE_KINDS: Final = ("initial", "victim_update", "withdrawal", "interview", "enquiry", "closing")
ORDER_KINDS: Final = ("SPO", "NMO", "RO", "DVPN")
ORDER_STEPS: Final = (
    "considered", "advice_sought", "not_pursued", "authorised", "applied", "interim", "full", "refused",
    "served", "notified", "varied", "breached", "expired",
)  # fmt: skip
REASONS: Final = (
    "insufficient_evidence",
    "victim_does_not_support",
    "other_order_in_place",
    "not_proportionate",
)
ACTIONS: Final = (
    "arrest", "interview", "bail", "suspect_device_seized", "victim_device_provided", "third_party_evidence",
    "witness_statement", "support_offered", "support_declined", "special_scheme", "referral_advocate",
    "referral_marac", "referral_early_awareness", "disclosure_dvds", "operation_lantern", "operation_beacon",
    "withdrawal_statement", "submitted_to_cps", "charge", "supervisor_review", "cctv_trawl",
)  # fmt: skip
RESULTS: Final = (
    "done",
    "no_comment",
    "denied_or_minimised",
    "counter_allegation",
    "admitted",
    "refused",
    "different_offence",
)
