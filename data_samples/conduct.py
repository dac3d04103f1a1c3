"""What one report of conduct is like, as somebody who was there would tell it."""

from __future__ import annotations

import numpy as np

from data_samples.chance import Columns, Flags, Floats, Ints, pick
from data_samples.prose.codes import BEHAVIOURS, CODES

BIT = {code: np.int64(1) << np.int64(number) for number, code in enumerate(CODES)}
PHYSICAL = sum(
    int(BIT[code])
    for code in (
        "surveillance",
        "face_to_face",
        "property_damage",
        "forced_entry",
        "weapon_used",
        "physical_assault",
    )
)
# Chance of each behaviour in a report, before section and relationship shift it.
BEHAVIOUR_SHARES = dict(
    zip(
        BEHAVIOURS,
        (0.64, 0.375, 0.335, 0.24, 0.23, 0.155, 0.108, 0.10, 0.09, 0.07, 0.03, 0.03, 0.02, 0.02, 0.001),
        strict=True,
    )
)
BEHAVIOUR_BITS = (1 << len(BEHAVIOURS)) - 1
SECTION_FACTOR = (0.93, 1.22)  # 2A, 4A: the latter holds more kinds
RELATION_FACTOR = {  # behaviour: (partners, family and acquaintances, strangers)
    "third_party": (1.06, 0.85, 0.3),
    "threat_self_harm": (1.20, 0.4, 0.2),
    "surveillance": (0.98, 0.95, 1.75),
    "love_bombing": (0.97, 0.95, 2.3),
    "calls_or_texts": (1.04, 0.95, 0.45),
    "face_to_face": (0.98, 1.05, 1.2),
}


def draw_conduct(
    rng: np.random.Generator, relationship: Ints, lean: Floats, stalking_class: Flags
) -> Columns:
    """The facts of each reported act."""
    n = len(relationship)
    section = rng.random(n)
    is_4a, is_order_breach = section < 0.259, section > 0.9947
    mask = _behaviours(rng, relationship, lean, is_4a)
    behaviours = mask & BEHAVIOUR_BITS
    mask |= _often(rng, n, "suicide_threat", 0.03) | _often(rng, n, "weapon", 0.03)
    tracker = ((mask & BIT["surveillance"]) > 0) & (rng.random(n) < 0.10)
    mask |= np.where(tracker, BIT["tracker"], 0)
    physical = ((mask & PHYSICAL) > 0) | (rng.random(n) < 0.07)
    place = np.where(physical, pick((0.695, 0.174, 0.10, 0.031, 0.0), rng.random(n)), 4)
    escalated = rng.random(n) < 0.52
    victim_only = rng.random(n) < 0.27
    distressed = rng.random(n) < 0.31
    mask |= np.where(distressed, BIT["distress"], 0) | _often(rng, n, "controlling_or_coercive", 0.08)
    frightened = rng.random(n) < np.where(is_4a, 0.60, 0.355)
    mask |= np.where(frightened, BIT["fear"], 0)
    mask |= np.where(escalated & (victim_only | (rng.random(n) < 0.8)), BIT["escalation_victim"], 0)
    mask |= np.where(escalated & ~victim_only, BIT["escalation_officer"], 0)
    return {
        "behaviours": behaviours,
        "facts": mask,
        "kinds": np.bitwise_count(behaviours).astype(np.int64),
        "is_4a": is_4a,
        "is_order_breach": is_order_breach & stalking_class,
        "place": place,
        "escalated": escalated,
        "frightened": frightened,
        "distressed": distressed,
    }


def _behaviours(rng: np.random.Generator, relationship: Ints, lean: Floats, is_4a: Flags) -> Ints:
    """What was done, as bits: calls or a meeting where nothing else was."""
    n = len(relationship)
    group = np.select([relationship <= 1, relationship == 7], [0, 2], 1)
    factor = np.where(is_4a, SECTION_FACTOR[1], SECTION_FACTOR[0]) * np.exp(rng.normal(-0.09, 0.25, n))
    mask = np.zeros(n, dtype=np.int64)
    for code, share in BEHAVIOUR_SHARES.items():
        shift = np.array(RELATION_FACTOR.get(code, (1.0, 1.0, 1.0)))[group]
        if code == "online_contact":
            shift = shift * np.exp(lean - 0.12)
        mask |= np.where(rng.random(n) < share * factor * shift, BIT[code], 0)
    plain = np.where(rng.random(n) < 0.75, BIT["calls_or_texts"], BIT["face_to_face"])
    return np.where(mask == 0, plain, mask)


def _often(rng: np.random.Generator, n: int, code: str, chance: float) -> Ints:
    return np.where(rng.random(n) < chance, BIT[code], 0)
