"""What offences say of themselves, and what the text of a report may say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data_samples import offences
from data_samples.chance import Flags, Ints, pick
from data_samples.conduct import BEHAVIOUR_BITS, BIT
from data_samples.course_records.reports import Reports
from data_samples.courses import Cast
from data_samples.prose.codes import THEMES
from data_samples.records import DAY
from data_samples.shocks import CODING_SHIFT, FLAG_LOST, Shock

# What the text of an offence is about, and which facts the offence itself tells.
KIND_FACTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "ASLT": ("assault", ("physical_assault",)),
    "ABH": ("assault", ("physical_assault",)),
    "GBH": ("assault", ("physical_assault",)),
    "GBHI": ("assault", ("physical_assault", "weapon_used")),
    "ATTMUR": ("assault", ("physical_assault", "weapon_used")),
    "MURDER": ("assault", ("physical_assault", "weapon_used")),
    "STRANG": ("domestic_assault", ("strangulation",)),
    "THRKILL": ("harassment", ("threat_physical",)),
    "SEXASL": ("sexual_offence", ("sexual_contact",)),
    "RAPE": ("sexual_offence", ("sexual_contact",)),
    "KIDNAP": ("assault", ("physical_assault", "threat_physical")),
    "AGGBURG": ("burglary", ("forced_entry", "weapon_used")),
    "ARSONL": ("arson", ("property_damage",)),
    "ARSON": ("arson", ("property_damage",)),
    "ROB": ("robbery", ()),
    "DAMAGE": ("damage", ("property_damage",)),
    "BURGD": ("burglary", ("forced_entry",)),
    "BURGO": ("burglary", ()),
    "THEFT": ("theft", ()),
    "SHOP": ("shoplifting", ()),
    "VEH": ("vehicle_crime", ()),
    "FRAUD": ("fraud", ()),
    "DRUGP": ("drugs", ()),
    "DRUGS": ("drugs", ()),
    "PUBORD": ("public_order", ()),
    "WEAP": ("weapon_offence", ("weapon",)),
    "HAR": ("harassment", ()),
    "HARFV": ("harassment", ()),
    "MALCOM": ("malicious_communications", ()),
    "CCB": ("domestic_argument", ("controlling_or_coercive",)),
    "NMOBR": ("breach", ("order_breach",)),
    "ROBR": ("breach", ("order_breach",)),
    "SPOBR": ("breach", ("order_breach",)),
    "STK2A": ("stalking", ()),
    "STK4A": ("stalking", ()),
    "DINC": ("domestic_argument", ()),
}
THEME = {name: number for number, name in enumerate(THEMES)}
KIND_THEME = np.array([THEME[KIND_FACTS[code][0]] for code in offences.CODES])
KIND_MASK = np.array(
    [sum(int(BIT[fact]) for fact in KIND_FACTS[code][1]) for code in offences.CODES], dtype=np.int64
)
_RELATIONS = np.array(
    [
        BIT[f"rel_{name}"]
        for name in (
            "ex_partner", "partner", "family", "acquaintance", "colleague", "neighbour", "online", "stranger"
        )
    ]
)  # fmt: skip
ABOUT_THE_TWO = _RELATIONS.sum() | BIT["separation"] | BIT["children_together"]
_STAGES = {
    "new_partner": 0.05, "stage_history": 0.03, "stage_fast_start": 0.02, "stage_control": 0.04,
    "stage_trigger": 0.03, "stage_thinking_change": 0.015, "stage_planning": 0.015,
}  # fmt: skip
_HINTS = np.array(
    [BIT[code] for code in ("surveillance", "love_bombing", "calls_or_texts", "escalation_victim")]
)
_INTELLIGENCE_THEMES = {
    "drugs": 30, "harassment": 18, "weapon_offence": 6, "domestic_argument": 14, "theft": 12, "other": 10,
    "suspicious_person": 10,
}  # fmt: skip


@dataclass(frozen=True)
class Said:
    """Facts as bits of the codes of text, one entry a report."""

    facts: Ints  # what the text of the crime may say
    circumstances: Ints  # how the two stand to each other, whoever tells it
    behaviours: Ints  # what was truly done


def what_is_said(rng: np.random.Generator, cast: Cast, reports: Reports) -> Said:
    """What the text of each report may say; where nobody is named, nothing of how the two stand."""
    n = len(reports.course)
    circumstances = _circumstances(rng, cast, reports)
    of_kind = KIND_MASK[np.maximum(reports.kind, 0)]
    conduct = np.where(reports.is_stalking | ~reports.hidden, reports.facts, of_kind)
    hinted = reports.is_conduct & reports.hidden & (rng.random(n) < 0.5)
    conduct = np.where(hinted, conduct | _HINTS[rng.integers(0, 4, n)], conduct)
    behaviours = np.where(reports.is_conduct, conduct, of_kind) & BEHAVIOUR_BITS
    breach = reports.kind == offences.NUMBER["SPOBR"]
    conduct = np.where(breach, conduct | BIT["order_breach"], conduct)
    told = np.where(reports.is_conduct, conduct, np.where(reports.is_crime, of_kind, 0))
    facts = unless_unknown(told | circumstances, reports.unknown)
    return Said(facts, circumstances, behaviours)


def _circumstances(rng: np.random.Generator, cast: Cast, reports: Reports) -> Ints:
    courses, course, n = cast.courses, reports.course, len(reports.course)
    relationship = courses.relationship[course]
    said = np.where(rng.random(n) < 0.5, _RELATIONS[relationship], 0)
    since = reports.day - courses.separated[course]
    parted = (since > 0) & (since < 500)
    said |= np.where(parted & (rng.random(n) < 0.40), BIT["separation"], 0)
    said |= np.where(courses.children[course] & (rng.random(n) < 0.5), BIT["children_together"], 0)
    for code, chance in _STAGES.items():
        said |= np.where((relationship <= 1) & (rng.random(n) < chance), BIT[code], 0)
    return said


def unless_unknown(facts: Ints, unknown: Flags) -> Ints:
    """Where nobody is named, nothing can be said of how the two stand to each other."""
    return np.where(unknown, facts & ~ABOUT_THE_TWO, facts)


def coded(rng: np.random.Generator, kind: Ints, created: Ints, shock: Shock) -> Ints:
    """The offence as coded: after a coding shift some common assaults become public order."""
    moved = rng.random(len(kind)) < CODING_SHIFT * shock.felt("coding_shift", created / DAY)
    return np.where(moved & (kind == offences.NUMBER["ASLT"]), offences.NUMBER["PUBORD"], kind)


def flagged(rng: np.random.Generator, domestic: Flags, created: Ints, shock: Shock) -> Flags:
    """The domestic flag as set: after a coding shift it is forgotten more often."""
    return domestic & ~(rng.random(len(domestic)) < FLAG_LOST * shock.felt("coding_shift", created / DAY))


def pick_theme(rng: np.random.Generator, n: int) -> Ints:
    """What intelligence is about."""
    themes = np.array([THEME[name] for name in _INTELLIGENCE_THEMES])
    return themes[pick(tuple(_INTELLIGENCE_THEMES.values()), rng.random(n))]
