"""What was done in each investigation, as far as it was put into the system."""

from __future__ import annotations

import numpy as np
import polars as pl

from data_samples import rates
from data_samples.chance import Columns, Flags, Floats, Ints, delays
from data_samples.course_records.crimes import Crimes
from data_samples.course_records.world import FIRST_NUMBER, World
from data_samples.records import ACTIONS, DAY, RESULTS, frame, stack

SYSTEM_CHANGE = rates.day_number(rates.date(2019, 11, 4))  # actions were seldom recorded before
_AS_INVESTIGATED = {  # action: the name under which the investigation drew it
    "suspect_device_seized": "suspect_technology",
    "victim_device_provided": "victim_technology",
    "third_party_evidence": "third_party_evidence",
    "witness_statement": "witness",
    "support_offered": "support_offered",
    "special_scheme": "special_scheme",
    "referral_marac": "marac",
}


def actions_of(world: World, crimes: Crimes) -> pl.DataFrame:
    """Arrests, evidence, support and referrals, in the order in which they are read."""
    rng = world.chance("actions")
    cases = world.cases
    n = len(cases)
    put_in = (cases.created >= SYSTEM_CHANGE * DAY) | (rng.random(n) < 0.22)
    parts: list[Columns] = []

    def add(action: str, happened: Flags, after: Floats, result: Ints | None = None) -> None:
        row = np.flatnonzero(happened & put_in)
        delay = np.where(np.isfinite(after[row]), after[row], 1.0)
        at = cases.created[row] + (np.minimum(delay, 4000) * DAY).astype(np.int64) + 900
        parts.append(
            {
                "crime": crimes.of_case[row],
                "at": at,
                "created": at + (delays(rng, len(row), 0.3, 9) * DAY).astype(np.int64),
                "action_kind": np.full(len(row), ACTIONS.index(action)),
                "result": np.zeros(len(row), dtype=np.int64) if result is None else result[row],
                "about": cases.suspect[row],
            }
        )

    arrest, interview, cps = (cases.days(name) for name in ("arrest", "interview", "cps"))
    domestic, operation = cases.flag("domestic"), cases.columns["operation"]
    add("arrest", cases.flag("arrested"), arrest)
    add("interview", cases.flag("interviewed"), interview, _account(world))
    add("bail", cases.flag("bailed"), np.minimum(arrest, interview) + 0.6)
    for action, name in _AS_INVESTIGATED.items():
        add(action, cases.flag(name), cases.days(name))
    add("support_declined", cases.flag("support_declined"), rng.exponential(3, n))
    add("referral_advocate", rng.random(n) < np.where(domestic, 0.16, 0.05), rng.exponential(6, n))
    add("referral_early_awareness", rng.random(n) < 0.012, rng.exponential(40, n))
    add("disclosure_dvds", domestic & (rng.random(n) < 0.02), rng.exponential(30, n))
    add("operation_lantern", operation == 1, rng.exponential(2, n))
    add("operation_beacon", operation == 2, rng.exponential(2, n))
    add("withdrawal_statement", cases.flag("withdrawal_statement"), cases.days("withdraw"))
    add("submitted_to_cps", cases.flag("submitted_to_cps"), cps)
    differs = np.where(cases.flag("charge_differs"), RESULTS.index("different_offence"), 0)
    add("charge", cases.flag("charged"), cps + 3, differs)
    actions = stack(parts)
    return frame("actions", actions | {"action": FIRST_NUMBER + np.arange(len(actions["crime"]))})


def _account(world: World) -> Ints:
    """What the suspect said in interview, as a result."""
    accounts = {
        "counter_allegation": "counter_allegation", "no_comment": "no_comment",
        "denied": "denied_or_minimised",
    }  # fmt: skip
    said = [world.cases.flag(name) for name in accounts]
    return np.select(said, [RESULTS.index(name) for name in accounts.values()], RESULTS.index("admitted"))
