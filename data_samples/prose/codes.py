"""What a text can say: codes in bit order, and whose deed or word each must be to count as affirmed."""

from __future__ import annotations

CODES: tuple[str, ...] = (
    "calls_or_texts", "surveillance", "face_to_face", "third_party", "online_contact",
    "threat_physical", "threat_self_harm", "love_bombing", "property_damage", "forced_entry",
    "threat_property", "threat_sexual", "weapon_used", "physical_assault", "sexual_contact",
    "escalation_victim", "escalation_officer",
    "withdrawal", "withdrawal_no_prosecution", "withdrawal_fear", "withdrawal_stopped", "withdrawal_other",
    "technology_evidence", "fear", "distress", "denial", "counter_allegation",
    "children_together", "separation", "new_partner", "suicide_threat", "order_breach",
    "tracker", "weapon", "strangulation", "controlling_or_coercive", "victim_doubted",
    "rel_partner", "rel_ex_partner", "rel_family", "rel_acquaintance",
    "rel_colleague", "rel_neighbour", "rel_online", "rel_stranger",
    "stage_history", "stage_fast_start", "stage_control", "stage_trigger",
    "stage_escalation", "stage_thinking_change", "stage_planning",
)  # fmt: skip
BEHAVIOURS: tuple[str, ...] = CODES[:15]
POLARITIES: tuple[str, ...] = ("affirmed", "negated", "hypothetical", "historical")
ACTORS: tuple[str, ...] = ("suspect", "victim", "officer", "other", "unknown")
STYLES: tuple[str, ...] = ("crime_mo", "log", "form", "note", "intelligence", "incident")
THEMES: tuple[str, ...] = (
    "stalking", "harassment", "malicious_communications", "domestic_argument", "domestic_assault",
    "assault", "burglary", "damage", "theft", "shoplifting", "vehicle_crime", "robbery", "drugs",
    "public_order", "missing_person", "welfare", "traffic", "nuisance", "fraud", "sexual_offence",
    "suspicious_person", "weapon_offence", "arson", "breach", "custody_enquiry", "other",
)  # fmt: skip

# Themes in which one person wrongs another, so that worries, histories and relations can be told.
PERSONAL_THEMES: frozenset[str] = frozenset({
    "stalking", "harassment", "malicious_communications", "domestic_argument", "domestic_assault",
    "assault", "sexual_offence", "breach",
})  # fmt: skip

# Themes about things and places, where damage and entry are asked after.
PROPERTY_THEMES: frozenset[str] = frozenset({
    "burglary", "damage", "theft", "vehicle_crime", "robbery", "nuisance", "suspicious_person", "arson",
})  # fmt: skip

# Themes about disorder, where weapons, threats and blows are asked after.
DISORDER_THEMES: frozenset[str] = frozenset({
    "shoplifting", "drugs", "public_order", "welfare", "weapon_offence",
})  # fmt: skip

# What a theme already suggests: no sentence may say beside it that this did not happen.
THEME_SUGGESTS: dict[str, tuple[str, ...]] = {
    "stalking": ("surveillance", "face_to_face", "calls_or_texts"),
    "malicious_communications": ("calls_or_texts", "online_contact", "threat_physical"),
    "domestic_argument": ("rel_partner", "rel_ex_partner", "rel_family", "children_together"),
    "domestic_assault": (
        "rel_partner",
        "rel_ex_partner",
        "rel_family",
        "children_together",
        "physical_assault",
    ),
    "sexual_offence": ("sexual_contact", "threat_sexual", "distress", "physical_assault"),
    "breach": ("order_breach",),
    "weapon_offence": ("weapon", "weapon_used"),
    "damage": ("property_damage",),
    "arson": ("property_damage",),
    "burglary": ("forced_entry",),
    "robbery": ("physical_assault", "threat_physical"),
    "assault": ("physical_assault",),
}

# Where two codes could both be read into the same words, this is the line between them.
BOUNDARIES: dict[str, str] = {
    "face_to_face": "turns up, approaches or confronts; watching from a distance is surveillance",
    "threat_self_harm": "says it to the victim as a lever; suicide_threat is an observed risk, not a lever",
    "weapon_used": "brandished or used in the incident; weapon is one kept, carried or feared",
    "physical_assault": "any force to the person but the neck; strangulation stands alone",
    "fear": "frightened, scared, in fear; to be worried or concerned about something is not enough",
    "surveillance": "follows, watches, loiters; tracker is a device or an application found",
    "controlling_or_coercive": "rules over money, phone, friends; stage_control is what the relationship was",
    "withdrawal": "no longer supports the case; the reason codes give only the reason",
    "withdrawal_stopped": "the reason is that the behaviour has ceased",
    "withdrawal_fear": "the reason is repercussions; fear is being frightened as such",
    "stage_escalation": "a change of tactics; worse or more often, as told, is escalation_victim or _officer",
    "separation": "the parting is told; rel_ex_partner is the relation as it is called",
    "stage_trigger": "a turning point other than the separation itself",
}

_STATES_OF: dict[str, frozenset[str]] = {
    "victim": frozenset({
        "escalation_victim", "withdrawal", "withdrawal_no_prosecution", "withdrawal_fear",
        "withdrawal_stopped", "withdrawal_other", "fear", "distress", "new_partner",
    }),
    "officer": frozenset({"escalation_officer", "victim_doubted"}),
}  # fmt: skip

# An affirmed span by one of these actors is the fact itself; by anyone else it is a decoy or the background.
RIGHT_ACTORS: tuple[frozenset[str], ...] = tuple(
    frozenset({"victim", "officer"})
    if code == "technology_evidence"
    else frozenset({next((actor for actor, states in _STATES_OF.items() if code in states), "suspect")})
    for code in CODES
)
DEFAULT_ACTOR: tuple[str, ...] = tuple(max(actors) for actors in RIGHT_ACTORS)  # "victim" before "officer"


def mask_of(*codes: str) -> int:
    """The bitmask of these codes."""
    return sum(1 << CODES.index(code) for code in set(codes))


# Saying that the first did not happen would sit badly beside any of the second.
CONTRADICTED_BY: dict[str, tuple[str, ...]] = {
    "calls_or_texts": ("online_contact", "threat_self_harm", "love_bombing", "face_to_face"),
    "online_contact": ("calls_or_texts", "threat_self_harm", "love_bombing"),
    "face_to_face": ("physical_assault", "strangulation", "sexual_contact", "forced_entry", "weapon_used"),
    "surveillance": ("tracker",),
    "tracker": ("surveillance",),
    "threat_physical": ("threat_self_harm", "threat_property", "threat_sexual", "weapon_used"),
    "threat_property": ("threat_physical", "threat_sexual"),
    "threat_sexual": ("threat_physical", "threat_property"),
    "threat_self_harm": ("suicide_threat",),
    "suicide_threat": ("threat_self_harm",),
    "property_damage": ("forced_entry",),
    "forced_entry": ("property_damage",),
    "weapon_used": ("weapon",),
    "weapon": ("weapon_used",),
    "physical_assault": ("strangulation", "sexual_contact", "weapon_used"),
    "strangulation": ("physical_assault",),
    "sexual_contact": ("threat_sexual",),
    "fear": ("withdrawal_fear", "distress"),
    "withdrawal": (
        "withdrawal_no_prosecution", "withdrawal_fear", "withdrawal_stopped", "withdrawal_other"),
    "escalation_victim": ("escalation_officer", "stage_escalation"),
    "escalation_officer": ("escalation_victim", "stage_escalation"),
    "controlling_or_coercive": ("stage_control",),
    "rel_partner": ("rel_ex_partner", "separation", "children_together"),
    "rel_ex_partner": ("rel_partner", "separation", "children_together"),
    "separation": ("rel_ex_partner",),
    "denial": ("counter_allegation",),
    "rel_stranger": (),
}  # fmt: skip


def contradicting(mask: int) -> int:
    """The codes that must be absent from a text which says that these did not happen."""
    named = [code for bit, code in enumerate(CODES) if mask >> bit & 1]
    return mask | mask_of(*(other for code in named for other in CONTRADICTED_BY.get(code, ())))
