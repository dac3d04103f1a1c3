"""The records that the people of the courses leave behind, and the truth about each of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from data_samples import offences, rates
from data_samples.chance import Columns, Flags, Floats, Ints, generator, pick
from data_samples.courses import Cast
from data_samples.investigation import BIT
from data_samples.lives import CONTACT, INCIDENT, OTHER_CRIME, Lives
from data_samples.prose.codes import THEMES
from data_samples.records import (
    ACTIONS,
    DAY,
    NEVER_SECOND,
    NONE,
    ORDER_STEPS,
    frame,
    seconds,
)
from data_samples.shocks import CODING_SHIFT, FLAG_LOST, Shock

Frames = dict[str, pl.DataFrame]
FIRST_CRIME = 400_000_000  # numbers below are the background's
SYSTEM_CHANGE = rates.day_number(rates.date(2019, 11, 4))  # actions were seldom recorded before
STILL_OPEN_DAYS = 30.0  # a further report this soon falls into the running investigation
_THEME = {name: number for number, name in enumerate(THEMES)}
_RELATION_CODE = (
    "rel_ex_partner", "rel_partner", "rel_family", "rel_acquaintance",
    "rel_colleague", "rel_neighbour", "rel_online", "rel_stranger",
)  # fmt: skip
_RELATION_BIT = np.array([BIT[code] for code in _RELATION_CODE])

# What an offence of a kind says in itself, and what its text is about.
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
KIND_THEME = np.array([_THEME[KIND_FACTS[code][0]] for code in offences.CODES])
KIND_MASK = np.array(
    [sum(int(BIT[f]) for f in KIND_FACTS[code][1]) for code in offences.CODES], dtype=np.int64
)


@dataclass(frozen=True)
class CourseRecords:
    """Records by kind, and the truth tables that only the courses have."""

    records: Frames
    truth: Frames


def _first_class(rng: np.random.Generator, kind: Ints, is_stalking: Flags) -> Ints:
    """What was first recorded: stalking is seldom seen at once."""
    n = len(kind)
    stalking_first = rng.random(n) < 0.18
    wrong = offences.numbers("HAR", "DINC", "MALCOM", "PUBORD", "DAMAGE", "ASLT", "HARFV", "CCB")[
        pick((0.41, 0.24, 0.12, 0.05, 0.05, 0.06, 0.05, 0.02), rng.random(n))
    ]
    swapped = np.where(
        kind == offences.NUMBER["STK4A"],
        offences.NUMBER["STK2A"],
        np.where(rng.random(n) < 0.1, offences.NUMBER["STK4A"], kind),
    )
    first = np.where(stalking_first, np.where(rng.random(n) < 0.1, swapped, kind), wrong)
    return np.where(is_stalking, first, kind)


def _later(rng: np.random.Generator, n: int, quick: float, slow: float) -> Floats:
    """Days until something is put into the system: mostly soon, sometimes long after."""
    return np.where(rng.random(n) < 0.8, rng.exponential(quick, n), rng.exponential(slow, n))


def records_of_courses(seed: int, cast: Cast, lives: Lives, shock: Shock) -> CourseRecords:
    """Write down what the systems hold of the people of the courses."""
    rng = generator(seed, "course records")
    courses, offenders, victims = cast.courses, cast.offenders, cast.victims
    reports = lives.reports
    col = {name: reports[name].to_numpy() for name in reports.columns}
    n = reports.height
    course = col["course"]
    off, vic = courses.offender[course], courses.victim[course]
    is_conduct = col["what"] == 0
    kind = col["kind"]
    is_crime = kind >= 0
    is_stalking = np.isin(kind, offences.STALKING)
    hidden, unknown = courses.hidden[course], courses.unknown_offender[course]

    # ---- what the text of each report may say
    relation_told = rng.random(n) < 0.5
    relation = np.where(relation_told, _RELATION_BIT[courses.relationship[course]], 0)
    extra = relation
    parted = (courses.separated[course] < col["day"]) & (col["day"] - courses.separated[course] < 500)
    extra |= np.where(parted & (rng.random(n) < 0.40), BIT["separation"], 0)
    extra |= np.where(courses.children[course] & (rng.random(n) < 0.5), BIT["children_together"], 0)
    partnered = courses.relationship[course] <= 1
    for code, chance in (
        ("new_partner", 0.05), ("stage_history", 0.03), ("stage_fast_start", 0.02), ("stage_control", 0.04),
        ("stage_trigger", 0.03), ("stage_thinking_change", 0.015), ("stage_planning", 0.015),
    ):  # fmt: skip
        extra |= np.where(partnered & (rng.random(n) < chance), BIT[code], 0)
    conduct_facts = np.where(is_stalking | ~hidden, col["facts"], KIND_MASK[np.maximum(kind, 0)])
    hint = np.array(
        [BIT["surveillance"], BIT["love_bombing"], BIT["calls_or_texts"], BIT["escalation_victim"]]
    )
    conduct_facts = np.where(
        is_conduct & hidden & (rng.random(n) < 0.5),
        conduct_facts | hint[rng.integers(0, 4, n)],
        conduct_facts,
    )
    behaviour_bits = (1 << 15) - 1
    behaviours = np.where(
        is_conduct, conduct_facts & behaviour_bits, KIND_MASK[np.maximum(kind, 0)] & behaviour_bits
    )
    conduct_facts = np.where(
        is_stalking & (kind == offences.NUMBER["SPOBR"]), conduct_facts | BIT["order_breach"], conduct_facts
    )
    facts = np.where(
        is_conduct, conduct_facts | extra, np.where(is_crime, KIND_MASK[np.maximum(kind, 0)] | extra, extra)
    )
    facts = np.where(
        unknown, facts & ~_RELATION_BIT.sum() & ~BIT["separation"] & ~BIT["children_together"], facts
    )

    # ---- crimes
    crime_rows = np.flatnonzero(is_crime)
    recorded = seconds(col["recorded"] + 0.02 + rng.exponential(0.05, n))
    career = lives.careers
    career_victim = career["victim"].to_numpy()
    career_offender = career["offender"].to_numpy()
    severe = lives.severe
    parts: list[Columns] = []
    cases = lives.cases
    case_at = np.full(n, -1, dtype=np.int64)
    report_row = {  # (step, row in the step) -> row
        "steps": np.searchsorted(col["step"], np.arange(len(lives.step_days) + 1))
    }
    case_rows = report_row["steps"][cases["step"].to_numpy()] + cases["row_in_step"].to_numpy()
    case_at[case_rows] = np.arange(cases.height)
    c = {name: cases[name].to_numpy() for name in cases.columns}
    of_case = case_at[crime_rows]
    has_case = of_case >= 0
    k = kind[crime_rows]
    m = len(crime_rows)
    created = recorded[crime_rows]
    first = _first_class(rng, k, is_stalking[crime_rows])
    k = coded(rng, k, created, shock)
    reclass_delay = np.where(rng.random(m) < 0.7, rng.gamma(1.2, 4.0, m), rng.exponential(45.0, m)) + 0.3
    placed = np.where(has_case, c["place"][of_case], pick((0.5, 0.1, 0.3, 0.1), rng.random(m)))
    online = has_case & (placed == 4)
    mask = col["facts"][crime_rows]
    technology = (mask & (BIT["calls_or_texts"] | BIT["online_contact"])) > 0
    cyber = technology & is_conduct[crime_rows] & (rng.random(m) < 0.134)
    victim_vulnerable = victims.vulnerable[vic[crime_rows]]
    outcome_after = np.where(has_case, c["outcome_after"][of_case], np.inf)
    plain_code = np.array(["16", "15", "18", "1", "3", "8", "14", ""])[
        np.where(
            unknown[crime_rows],
            pick((0, 0, 80, 0, 0, 0, 12, 8), rng.random(m)),
            pick((40, 32, 3, 11, 2, 3, 2, 7), rng.random(m)),
        )
    ].astype("U3")
    outcome = np.where(has_case, c["outcome_code"][of_case], plain_code)
    plain_delay = _later(rng, m, 30, 160)
    outcome_after = np.where(has_case, outcome_after, np.where(plain_code == "", np.inf, plain_delay))
    outcome_at = np.where(
        np.isfinite(outcome_after), created + np.minimum(outcome_after, 5000) * DAY, NEVER_SECOND
    ).astype(np.int64)
    named = ~unknown[crime_rows] & np.where(has_case, c["suspect_identified"][of_case], rng.random(m) < 0.93)
    dom = courses.domestic[course[crime_rows]]
    parts.append(
        {
            "course": course[crime_rows],
            "offender": np.where(named, offenders.key[off[crime_rows]], NONE),
            "victim": victims.key[vic[crime_rows]],
            "kind": k,
            "first_kind": first,
            "created": created,
            "reported": np.minimum(seconds(col["recorded"][crime_rows]), created),
            "occurred": seconds(col["day"][crime_rows]),
            "year_only": rng.random(m) < 0.04,
            "reclassified": np.where(first != k, created + (reclass_delay * DAY).astype(np.int64), NONE),
            "outcome": outcome,
            "outcome_at": outcome_at,
            "ward": np.where(online, offenders.ward[off[crime_rows]], victims.ward[vic[crime_rows]]),
            "place": np.where(online, 4, placed),
            "domestic": flagged(rng, dom, created, shock),
            "online": online,
            "cyber_flag_at": np.where(
                cyber,
                created + np.where(rng.random(m) < 0.7, 0, rng.exponential(50 * DAY, m)).astype(np.int64),
                NONE,
            ),
            "weapon": (mask & BIT["weapon_used"]) > 0,
            "vulnerable_at": np.where(
                victim_vulnerable,
                created + np.where(rng.random(m) < 0.5, 0, rng.exponential(60 * DAY, m)).astype(np.int64),
                NONE,
            ),
            "facts": facts[crime_rows],
            "relationship": np.where(rng.random(m) < 0.09, courses.relationship[course[crime_rows]], NONE),
            "named": named,
            "victim_ethnicity_missing": np.where(
                has_case, c["victim_ethnicity_missing"][of_case], rng.random(m) < 0.35
            ),
            "suspect_ethnicity_missing": np.where(
                has_case, c["suspect_ethnicity_missing"][of_case], rng.random(m) < 0.44
            ),
            "mental_health": offenders.mental_health[off[crime_rows]] & (rng.random(m) < 0.6),
            "victim_vulnerable": victim_vulnerable,
            "charged": np.isin(outcome, ("1", "1A")),
            "witness": np.where(has_case, c["witness"][of_case], rng.random(m) < 0.2),
            "report": crime_rows,
            "case": of_case,
        }
    )
    # Other offences of the offenders, and what befell or was alleged of the victims. The other party is a resident.
    h = career.height
    resident = rng.integers(0, 30_000, h)
    alleged = career_victim <= -2
    career_kind = career["kind"].to_numpy()
    offender_key = np.where(
        career_offender >= 0,
        offenders.key[np.maximum(career_offender, 0)],
        np.where(alleged, victims.key[np.where(alleged, -2 - career_victim, 0)], resident),
    )
    victim_key = np.where(career_victim >= 0, victims.key[np.maximum(career_victim, 0)], resident + 1)
    victimless = np.isin(career_kind, offences.numbers("SHOP", "DRUGP", "DRUGS", "WEAP"))
    career_created = seconds(career["day"].to_numpy() + _later(rng, h, 0.4, 20))
    charged = career["charged"].to_numpy()
    code = np.where(
        charged, "1", np.array(["16", "15", "18", "3", "8", ""])[pick((30, 30, 22, 5, 6, 7), rng.random(h))]
    )
    parts.append(
        {
            "course": np.full(h, NONE),
            "offender": offender_key,
            "victim": np.where(victimless, NONE, victim_key),
            "kind": career_kind,
            "first_kind": career_kind,
            "created": career_created,
            "reported": career_created - 600,
            "occurred": seconds(career["day"].to_numpy()),
            "year_only": rng.random(h) < 0.012,
            "reclassified": np.full(h, NONE),
            "outcome": code.astype("U3"),
            "outcome_at": np.where(
                code == "", NEVER_SECOND, career_created + (_later(rng, h, 30, 160) * DAY).astype(np.int64)
            ),
            "ward": np.where(
                career_offender >= 0,
                offenders.ward[np.maximum(career_offender, 0)],
                victims.ward[np.maximum(career_victim, 0)],
            ),
            "place": pick((0.2, 0.15, 0.5, 0.15), rng.random(h)),
            "domestic": np.zeros(h, dtype=bool),
            "online": np.zeros(h, dtype=bool),
            "cyber_flag_at": np.full(h, NONE),
            "weapon": np.zeros(h, dtype=bool),
            "vulnerable_at": np.full(h, NONE),
            "facts": KIND_MASK[career_kind],
            "relationship": np.full(h, NONE),
            "named": (career_offender >= 0) | alleged | (rng.random(h) < 0.3),
            "victim_ethnicity_missing": rng.random(h) < 0.35,
            "suspect_ethnicity_missing": rng.random(h) < 0.44,
            "mental_health": np.zeros(h, dtype=bool),
            "victim_vulnerable": np.zeros(h, dtype=bool),
            "charged": charged,
            "witness": rng.random(h) < 0.25,
            "report": np.full(h, NONE),
            "case": np.full(h, NONE),
        }
    )
    s = severe.height
    severe_course, severe_off = severe["course"].to_numpy(), severe["offender"].to_numpy()
    severe_day, severe_kind = severe["day"].to_numpy(), severe["kind"].to_numpy()
    severe_created = seconds(severe_day + _later(rng, s, 0.3, 12))
    same = severe_course >= 0
    severe_victim = np.where(
        same, victims.key[courses.victim[np.maximum(severe_course, 0)]], rng.integers(0, 30_000, s)
    )
    severe_arrested = severe["arrested"].to_numpy()
    severe_code = np.where(
        severe_arrested & (rng.random(s) < 0.6), "1", np.where(rng.random(s) < 0.5, "15", "16")
    )
    parts.append(
        {
            "course": severe_course,
            "offender": offenders.key[severe_off],
            "victim": severe_victim,
            "kind": severe_kind,
            "first_kind": severe_kind,
            "created": severe_created,
            "reported": severe_created - 900,
            "occurred": seconds(severe_day),
            "year_only": np.zeros(s, dtype=bool),
            "reclassified": np.full(s, NONE),
            "outcome": severe_code.astype("U3"),
            "outcome_at": severe_created
            + (np.where(severe_code == "1", rng.gamma(1.5, 40, s), rng.gamma(2.0, 90, s)) * DAY).astype(
                np.int64
            ),
            "ward": np.where(
                same, victims.ward[courses.victim[np.maximum(severe_course, 0)]], offenders.ward[severe_off]
            ),
            "place": pick((0.45, 0.05, 0.4, 0.1), rng.random(s)),
            "domestic": same & courses.domestic[np.maximum(severe_course, 0)],
            "online": np.zeros(s, dtype=bool),
            "cyber_flag_at": np.full(s, NONE),
            "weapon": np.isin(severe_kind, offences.numbers("GBHI", "ATTMUR", "MURDER", "AGGBURG")),
            "vulnerable_at": np.full(s, NONE),
            "facts": KIND_MASK[severe_kind],
            "relationship": np.where(
                same & (rng.random(s) < 0.4), courses.relationship[np.maximum(severe_course, 0)], NONE
            ),
            "named": np.ones(s, dtype=bool),
            "victim_ethnicity_missing": rng.random(s) < 0.2,
            "suspect_ethnicity_missing": rng.random(s) < 0.2,
            "mental_health": offenders.mental_health[severe_off],
            "victim_vulnerable": np.zeros(s, dtype=bool),
            "charged": severe_code == "1",
            "witness": rng.random(s) < 0.5,
            "report": np.full(s, NONE),
            "case": np.full(s, NONE),
        }
    )
    # A counter-allegation may become a crime of its own, in which victim and suspect swap roles.
    countered = np.flatnonzero(
        c["counter_allegation"] & c["suspect_identified"] & (rng.random(cases.height) < rates.COUNTER_CRIME)
    )
    t = len(countered)
    counter_course = c["course"][countered]
    counter_kind = offences.numbers("HAR", "MALCOM", "STK2A")[pick((0.45, 0.20, 0.35), rng.random(t))]
    counter_created = recorded[case_rows[countered]] + rng.integers(DAY, 40 * DAY, t)
    counter_code = np.array(["15", "16", "21", ""])[pick((55, 30, 6, 9), rng.random(t))]
    parts.append(
        {
            "course": counter_course,
            "offender": victims.key[courses.victim[counter_course]],
            "victim": offenders.key[courses.offender[counter_course]],
            "kind": counter_kind,
            "first_kind": counter_kind,
            "created": counter_created,
            "reported": counter_created - 1200,
            "occurred": counter_created - rng.integers(DAY, 30 * DAY, t),
            "year_only": np.zeros(t, dtype=bool),
            "reclassified": np.full(t, NONE),
            "outcome": counter_code.astype("U3"),
            "outcome_at": np.where(
                counter_code == "", NEVER_SECOND, counter_created + rng.integers(2, 120, t) * DAY
            ),
            "ward": offenders.ward[courses.offender[counter_course]],
            "place": pick((0.5, 0.1, 0.3, 0.1), rng.random(t)),
            "domestic": courses.domestic[counter_course],
            "online": np.zeros(t, dtype=bool),
            "cyber_flag_at": np.full(t, NONE),
            "weapon": np.zeros(t, dtype=bool),
            "vulnerable_at": np.full(t, NONE),
            "facts": np.full(t, BIT["calls_or_texts"], dtype=np.int64),
            "relationship": np.full(t, NONE),
            "named": np.ones(t, dtype=bool),
            "victim_ethnicity_missing": rng.random(t) < 0.35,
            "suspect_ethnicity_missing": rng.random(t) < 0.44,
            "mental_health": np.zeros(t, dtype=bool),
            "victim_vulnerable": np.zeros(t, dtype=bool),
            "charged": np.zeros(t, dtype=bool),
            "witness": rng.random(t) < 0.1,
            "report": np.full(t, NONE),
            "case": np.full(t, NONE),
        }
    )
    joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    severe_start = m + h
    order = np.lexsort((np.arange(len(joined["created"])), joined["created"]))
    joined = {name: values[order] for name, values in joined.items()}
    total = len(order)
    number = FIRST_CRIME + np.arange(total, dtype=np.int64)
    place_of = np.empty(total, dtype=np.int64)
    place_of[order] = np.arange(total)
    crime_of_report = np.full(n, NONE, dtype=np.int64)
    crime_of_report[crime_rows] = number[place_of[:m]]
    crime_of_severe = number[place_of[severe_start : severe_start + s]]
    crime_of_case = crime_of_report[case_rows]
    report_of, case_of = joined.pop("report"), joined.pop("case")

    domestic_all = joined["domestic"].astype(bool)
    conduct_all = np.isin(joined["kind"], offences.CONDUCT)
    violent_all = np.isin(joined["kind"], offences.VIOLENT)
    joined["named"] = joined["named"].astype(bool) & (joined["offender"] >= 0)
    rule_2018, rule_2023 = rates.day_number(rates.RULE_2018) * DAY, rates.day_number(rates.RULE_2023) * DAY
    principal = np.full(total, NONE)
    beside = pl.DataFrame(
        {
            "course": joined["course"],
            "created": joined["created"],
            "number": number,
            "stalking": np.isin(joined["kind"], offences.STALKING),
        }
    ).sort("course", "created")
    paired = beside.with_columns(
        before=pl.col("number").shift(1).over("course"), gap=pl.col("created") - pl.col("created").shift(1).over("course")
    ).filter(
        (pl.col("course") >= 0) & pl.col("stalking") & (pl.col("gap") < 14 * DAY)
        & (pl.col("created") >= rule_2018) & (pl.col("created") < rule_2023)
    )  # fmt: skip
    principal[paired["number"].to_numpy() - FIRST_CRIME] = paired["before"].to_numpy()
    risky = conduct_all | violent_all
    crimes = frame(
        "crimes",
        joined
        | {
            "crime": number,
            "occurred_to": joined["occurred"]
            + np.where(
                rng.random(total) < 0.3, rng.exponential(9 * DAY, total), rng.exponential(1200.0, total)
            ).astype(np.int64),
            "cancelled_at": np.where(
                rng.random(total) < 0.012,
                joined["created"] + (rng.exponential(20, total) * DAY).astype(np.int64) + 3600,
                NONE,
            ),
            "channel": pick((0.69, 0.13, 0.07, 0.06, 0.05), rng.random(total)),
            "reported_by": pick((0.88, 0.09, 0.03), rng.random(total)),
            "team": np.where(
                domestic_all,
                pick((0.70, 0.12, 0.12, 0.05, 0.01), rng.random(total)),
                pick((0.04, 0.38, 0.40, 0.08, 0.10), rng.random(total)),
            ),
            "score": np.clip(
                (4 + 3 * domestic_all + 4 * risky + rng.normal(0, 2.5, total)).astype(np.int64), 1, 20
            ),
            "principal": principal,
            "theme": KIND_THEME[joined["kind"]],
            "has_text": rng.random(total) < 0.97,
        },
    )

    # ---- logs and contacts for reports that came by telephone or in person
    heard = rng.random(n) < np.where(col["what"] == CONTACT, 0.97, 0.85)
    contact_rows = np.flatnonzero(heard)
    q = len(contact_rows)
    at = seconds(col["recorded"][contact_rows]) - rng.integers(60, 5400, q)
    logged = rng.random(q) < 0.72
    log_number = np.where(logged, FIRST_CRIME + np.arange(q), NONE)
    caller_role = pick((0.85, 0.11, 0.0, 0.04), rng.random(q))
    anonymous = rng.random(q) < 0.12
    caller = np.where(
        caller_role == 0,
        victims.key[vic[contact_rows]],
        victims.key[vic[contact_rows]] - victims.key[vic[contact_rows]] % 3 + 2,
    )
    caller = np.where((caller_role == 3) & anonymous, NONE, caller)
    about = is_crime[contact_rows]
    tied = about & (rng.random(q) < 0.6)
    contacts = frame(
        "contacts",
        {
            "contact": FIRST_CRIME + np.arange(q),
            "at": at,
            "created": at + rng.integers(20, 900, q),
            "channel": pick((0.22, 0.55, 0.05, 0.10, 0.08), rng.random(q)),
            "caller_role": caller_role,
            "caller": caller,
            "category": np.where(
                rng.random(q) < 0.55,
                np.where(courses.domestic[course[contact_rows]], 1, 0),
                pick((20, 10, 12, 14, 12, 8, 4, 4, 1, 7, 4, 4), rng.random(q)),
            ),
            "ward": victims.ward[vic[contact_rows]],
            "log": log_number,
            "crime": np.where(tied, crime_of_report[contact_rows], NONE),
        },
    )
    log_rows = contact_rows[logged]
    u = len(log_rows)
    some = rng.integers(0, 1 << 52, u)  # each fact reaches the log or not
    log_facts = np.where(
        is_crime[log_rows], facts[log_rows], (col["facts"][log_rows] & some) | extra[log_rows]
    ) & (some | rng.integers(0, 1 << 52, u))
    log_facts = np.where(
        unknown[log_rows],
        log_facts & ~_RELATION_BIT.sum() & ~BIT["separation"] & ~BIT["children_together"],
        log_facts,
    )
    started = at[logged]
    closed = started + 1800 + rng.exponential(5 * 3600, u).astype(np.int64)
    logs = frame(
        "logs",
        {
            "log": log_number[logged],
            "started": started,
            "created": started + rng.integers(5, 120, u),
            "closed": closed,
            "opening": np.where(
                courses.domestic[course[log_rows]], 1, pick((40, 0, 20, 30, 10), rng.random(u))
            ),
            "closing": np.where(is_crime[log_rows], 0, pick((0, 45, 35, 8, 6, 6), rng.random(u))),
            "priority": pick((0.18, 0.42, 0.25, 0.15), rng.random(u)),
            "ward": victims.ward[vic[log_rows]],
            "caller": caller[logged],
            "suspect": np.where(unknown[log_rows], NONE, offenders.key[off[log_rows]]),
            "crime": np.where(tied[logged], crime_of_report[log_rows], NONE),
            "domestic": courses.domestic[course[log_rows]] & (rng.random(u) < 0.85),
            "theme": np.where(
                col["what"][log_rows] == OTHER_CRIME,
                KIND_THEME[np.maximum(kind[log_rows], 0)],
                np.where(
                    courses.domestic[course[log_rows]] & (rng.random(u) < 0.35),
                    _THEME["domestic_argument"],
                    _THEME["harassment"],
                ),
            ),
            "facts": log_facts,
            "has_text": rng.random(u) < 0.60,
        },
    )

    # ---- domestic incidents without an offence
    inc = np.flatnonzero(col["what"] == INCIDENT)
    v = len(inc)
    incident_number = FIRST_CRIME + np.arange(v)
    log_of_report = np.full(n, NONE)
    log_of_report[log_rows] = log_number[logged]
    incidents = frame(
        "incidents",
        {
            "incident": incident_number,
            "occurred": seconds(col["day"][inc]),
            "created": recorded[inc],
            "ward": victims.ward[vic[inc]],
            "victim": victims.key[vic[inc]],
            "other": offenders.key[off[inc]],
            "relationship": np.where(rng.random(v) < 0.55, courses.relationship[course[inc]], NONE),
            "grade": pick((0.55, 0.33, 0.12), rng.random(v)),
            "children": courses.children[course[inc]] & (rng.random(v) < 0.7),
            "log": log_of_report[inc],
            "facts": extra[inc] | np.where(rng.random(v) < 0.3, BIT["controlling_or_coercive"], 0),
        },
    )

    # ---- risk forms
    case_n = cases.height
    case_course = c["course"]
    case_dom = courses.domestic[case_course]
    case_created = recorded[case_rows]
    form_parts: list[Columns] = []

    def add_forms(
        chosen: Ints, what: Ints, rows: Ints, crime_no: Ints, incident_no: Ints, when: Floats
    ) -> None:
        z = len(rows)
        f = col["facts"][rows]
        cc = course[rows]
        yes = np.zeros(z, dtype=np.int64)
        truths = (
            (f & BIT["fear"]) > 0, (f & BIT["physical_assault"]) > 0, rng.random(z) < 0.2, rng.random(z) < 0.1,
            courses.relationship[cc] == 0, courses.children[cc] & (rng.random(z) < 0.5), rng.random(z) < 0.04,
            (f & (BIT["calls_or_texts"] | BIT["surveillance"])) > 0, (f & BIT["controlling_or_coercive"]) > 0,
            (f & BIT["escalation_victim"]) > 0, (f & BIT["strangulation"]) > 0, (f & (BIT["weapon"] | BIT["weapon_used"])) > 0,
            (f & BIT["threat_physical"]) > 0, (f & (BIT["threat_sexual"] | BIT["sexual_contact"])) > 0,
            offenders.substance[off[rows]], (f & (BIT["threat_self_harm"] | BIT["suicide_threat"])) > 0,
            (f & BIT["order_breach"]) > 0, offenders.convicted[off[rows]],
        )  # fmt: skip
        for bit, truth in enumerate(truths):
            said = np.where(rng.random(z) < 0.08, rng.random(z) < 0.5, truth)
            yes |= np.where(said, 1 << bit, 0)
        unanswered = np.zeros(z, dtype=np.int64)
        for bit in range(len(truths)):
            unanswered |= np.where(rng.random(z) < 0.12, 1 << bit, 0)
        weight = np.zeros(z)
        for bit, worth in zip(
            (0, 8, 9, 10, 11, 12, 15, 4), (0.6, 0.5, 0.6, 1.2, 0.6, 0.9, 0.4, 0.3), strict=True
        ):
            weight += worth * ((yes >> bit) & 1)
        weight += rng.normal(0, 0.8, z)
        completed = seconds(when + _later(rng, z, 0.3, 6))
        form_parts.append(
            {
                "form_kind": what,
                "crime": crime_no,
                "incident": incident_no,
                "victim": victims.key[vic[rows]],
                "suspect": np.where(unknown[rows], NONE, offenders.key[off[rows]]),
                "completed": completed,
                "created": completed + rng.integers(300, 86_400, z),
                "grade": np.where(what == 5, NONE, np.digitize(weight, (1.3, 2.9))),
                "answers": yes,
                "unanswered": unanswered,
                "facts": np.where(unknown[rows], f & ~_RELATION_BIT.sum(), f & chosen)
                & ~np.int64(BIT["escalation_officer"]),
                "regraded": np.where(rng.random(z) < 0.02, completed + 5 * DAY, NONE),
            }
        )

    def case_forms(happens: Flags, what: int, chance_each_fact: int) -> None:
        rows = np.flatnonzero(happens)
        chosen = rng.integers(0, 1 << 52, len(rows)) | rng.integers(0, 1 << 52, len(rows)) * (
            chance_each_fact > 1
        )
        add_forms(
            chosen,
            np.full(len(rows), what),
            case_rows[rows],
            crime_of_case[rows],
            np.full(len(rows), NONE),
            c["recorded"][rows],
        )

    dash = rng.random(case_n) < np.where(case_dom, 0.86, 0.185)
    dara_from = rates.day_number(rates.date(2022, 3, 1))
    old_form = c["recorded"] < dara_from
    case_forms(dash & old_form, 0, 2)
    case_forms(dash & ~old_form & case_dom, 2, 2)
    case_forms(dash & ~old_form & ~case_dom, 0, 2)
    case_forms(c["sdash"], 1, 2)
    case_forms(rng.random(case_n) < 0.008, 3, 2)
    case_forms((rng.random(case_n) < 0.05) & (c["recorded"] > dara_from), 4, 1)
    case_forms(rng.random(case_n) < 0.022, 5, 1)
    inc_forms = np.flatnonzero(rng.random(v) < 0.8)
    add_forms(
        rng.integers(0, 1 << 52, len(inc_forms)),
        np.where(col["recorded"][inc[inc_forms]] < dara_from, 0, 2),
        inc[inc_forms],
        np.full(len(inc_forms), NONE),
        incident_number[inc_forms],
        col["recorded"][inc[inc_forms]],
    )
    forms_joined = {name: np.concatenate([part[name] for part in form_parts]) for name in form_parts[0]}
    forms = frame("forms", forms_joined | {"form": FIRST_CRIME + np.arange(len(forms_joined["crime"]))})

    # ---- custody
    held = np.flatnonzero(c["arrested"] & c["suspect_identified"])
    held_off = courses.offender[case_course[held]]
    w = len(held)
    account = np.select(
        [c["counter_allegation"][held], c["no_comment"][held], c["denied"][held], c["interviewed"][held]],
        [3, 1, 0, 2],
        NONE,
    )
    arrested = np.where(
        np.isfinite(c["arrest_after"][held]),
        case_created[held] + np.minimum(c["arrest_after"][held], 2000) * DAY,
        case_created[held],
    ).astype(np.int64)
    disposal = np.select(
        [c["remanded"][held], c["bailed"][held], c["charged"][held]],
        [1, 0, 4],
        pick((0, 0, 0.7, 0.3), rng.random(w)),
    )
    convicted = c["charged"][held] & (rng.random(w) < 0.62)
    sentence = np.where(
        convicted & (rng.random(w) < 0.35), np.clip(rng.gamma(1.5, 90, w), 14, 1300), -1
    ).astype(np.int64)
    sentenced = np.where(sentence > 0, arrested + (rng.gamma(3.0, 60, w) * DAY).astype(np.int64), NONE)
    severe_held = np.flatnonzero(severe_arrested)
    x = len(severe_held)
    s_arrest = severe_created[severe_held] + rng.integers(3600, 3 * DAY, x)
    s_remand = severe["remanded"].to_numpy()[severe_held]
    s_until = seconds(np.maximum(severe["away_until"].to_numpy()[severe_held], 0))
    career_held = np.flatnonzero(charged & (career_offender >= 0) & (rng.random(h) < 0.8))
    y = len(career_held)
    custody_parts = {
        "detainee": np.concatenate(
            [offenders.key[held_off], offenders.key[severe_off[severe_held]], offender_key[career_held]]
        ),
        "arrested": np.concatenate(
            [arrested, s_arrest, career_created[career_held] + rng.integers(600, 2 * DAY, y)]
        ),
        "kind": np.concatenate([kind[case_rows[held]], severe_kind[severe_held], career_kind[career_held]]),
        "crime": np.concatenate(
            [crime_of_case[held], crime_of_severe[severe_held], number[place_of[m : m + h]][career_held]]
        ),
        "account": np.concatenate(
            [account, pick((0.6, 0.3, 0.1), rng.random(x)), pick((0.5, 0.2, 0.3), rng.random(y))]
        ),
        "disposal": np.concatenate([disposal, np.where(s_remand, 1, 0), np.full(y, 4)]),
        "sentence_days": np.concatenate(
            [
                sentence,
                np.where(s_remand, np.maximum((s_until - s_arrest) // DAY * 2, 180), -1),
                np.where(rng.random(y) < 0.15, 60, -1),
            ]
        ),
    }
    total_held = w + x + y
    released = np.where(
        custody_parts["disposal"] == 1,
        np.concatenate([arrested + rng.integers(5, 90, w) * DAY, s_until, np.full(y, NONE)]),
        custody_parts["arrested"] + rng.integers(5 * 3600, 24 * 3600, total_held),
    )
    person = (
        (custody_parts["detainee"] - offenders.key[0]) // 3
        if len(offenders.key)
        else custody_parts["detainee"]
    )
    person = np.clip(person, 0, max(len(offenders.key) - 1, 0))
    unknown_release = rng.random(total_held) < 0.38
    custody = frame(
        "custody",
        custody_parts
        | {
            "custody": FIRST_CRIME + np.arange(total_held),
            "created": custody_parts["arrested"] + rng.integers(600, 3 * 3600, total_held),
            "crime": np.where(rng.random(total_held) < 0.25, NONE, custody_parts["crime"]),
            "mental_health": offenders.mental_health[person] & (rng.random(total_held) < 0.7),
            "alcohol": rng.random(total_held) < 0.18,
            "drugs": offenders.substance[person] & (rng.random(total_held) < 0.6),
            "self_harm": rng.random(total_held) < 0.08,
            "interviewed": np.where(
                custody_parts["account"] >= 0,
                custody_parts["arrested"] + rng.integers(3 * 3600, 20 * 3600, total_held),
                NONE,
            ),
            "disposed": custody_parts["arrested"] + rng.integers(8 * 3600, 26 * 3600, total_held),
            "released": np.where(unknown_release, NONE, released),
            "sentenced": np.concatenate(
                [
                    sentenced,
                    np.where(s_remand, s_arrest + rng.integers(60, 300, x) * DAY, NONE),
                    np.where(
                        custody_parts["sentence_days"][w + x :] > 0,
                        custody_parts["arrested"][w + x :] + 40 * DAY,
                        NONE,
                    ),
                ]
            ),
            "notice": np.where(
                ~unknown_release & (custody_parts["disposal"] == 1) & (rng.random(total_held) < 0.5),
                released - 7 * DAY,
                NONE,
            ),
            "ethnicity_missing": rng.random(total_held) < 0.10,
        },
    )

    # ---- notes, actions, orders of each case
    suspect_of_case = np.where(c["suspect_identified"], offenders.key[courses.offender[case_course]], NONE)
    notes = _notes(
        rng,
        c,
        crime_of_case,
        case_created,
        victims.key[courses.victim[case_course]],
        suspect_of_case,
        extra[case_rows],
        unknown[case_rows],
    )
    actions = _actions(rng, c, crime_of_case, case_created, suspect_of_case)
    orders = _orders(
        rng,
        c,
        crime_of_case,
        case_created,
        offenders.key[courses.offender[case_course]],
        victims.key[courses.victim[case_course]],
    )

    # ---- intelligence
    about_rows = np.flatnonzero(rng.random(len(course)) < 0.09)
    about_rows = about_rows[~unknown[about_rows]]
    i = len(about_rows)
    event_day = (col["day"][about_rows] - rng.exponential(12, i)).astype(np.int64)
    told = col["facts"][about_rows] & rng.integers(0, 1 << 52, i) & rng.integers(0, 1 << 52, i)
    intelligence = frame(
        "intelligence",
        {
            "report": FIRST_CRIME + np.arange(i),
            "event_day": event_day,
            "created": (event_day + 1) * DAY + (rng.exponential(16, i) * DAY).astype(np.int64),
            "subject": offenders.key[off[about_rows]],
            "other": np.where(rng.random(i) < 0.4, victims.key[vic[about_rows]], NONE),
            "theme": pick_theme(rng, i),
            "facts": told,
        },
    )
    truth = {
        "offences": pl.DataFrame(
            {
                "crime": number,
                "course_key": joined["course"],
                "offender_key": np.where(
                    report_of >= 0,
                    offenders.key[courses.offender[np.maximum(joined["course"], 0)]],
                    joined["offender"],
                ),
                "victim_key": joined["victim"],
                "occurred": joined["occurred"],
                "recorded": joined["created"],
                "kind": joined["kind"],
                "is_stalking": np.isin(joined["kind"], offences.STALKING),
                "is_domestic": domestic_all,
                "is_online": joined["online"],
                "place": np.where(joined["online"].astype(bool), 4, joined["place"]),
                "behaviours": np.where(
                    report_of >= 0,
                    behaviours[np.maximum(report_of, 0)],
                    KIND_MASK[joined["kind"]] & behaviour_bits,
                ),
                "escalation_victim": (report_of >= 0)
                & ((col["facts"][np.maximum(report_of, 0)] & BIT["escalation_victim"]) > 0),
                "escalation_officer": (report_of >= 0)
                & ((col["facts"][np.maximum(report_of, 0)] & BIT["escalation_officer"]) > 0),
                "harm_days": offences.HARM_DAYS[joined["kind"]],
                "has_case": case_of >= 0,
            }
        ),
        "cases": _case_truth(cases, crime_of_case, case_created, cast, reports, case_rows),
    }
    records = {
        "crimes": crimes, "contacts": contacts, "logs": logs, "incidents": incidents, "forms": forms,
        "custody": custody, "notes": notes, "intelligence": intelligence, "orders": orders, "actions": actions,
    }  # fmt: skip
    return CourseRecords(records, truth)


def coded(rng: np.random.Generator, kind: Ints, created: Ints, shock: Shock) -> Ints:
    """The offence as coded: after a coding shift some common assaults become public order."""
    moved = rng.random(len(kind)) < CODING_SHIFT * shock.felt("coding_shift", created / DAY)
    return np.where(moved & (kind == offences.NUMBER["ASLT"]), offences.NUMBER["PUBORD"], kind)


def flagged(rng: np.random.Generator, domestic: Flags, created: Ints, shock: Shock) -> Flags:
    """The domestic flag as set: after a coding shift it is forgotten more often."""
    return domestic & ~(rng.random(len(domestic)) < FLAG_LOST * shock.felt("coding_shift", created / DAY))


def pick_theme(rng: np.random.Generator, n: int) -> Ints:
    """What intelligence is about."""
    themes = np.array(
        [
            _THEME[name]
            for name in (
                "drugs",
                "harassment",
                "weapon_offence",
                "domestic_argument",
                "theft",
                "other",
                "suspicious_person",
            )
        ]
    )
    return themes[pick((30, 18, 6, 14, 12, 10, 10), rng.random(n))]


def _stack(parts: list[Columns]) -> Columns:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _notes(
    rng: np.random.Generator,
    c: Columns,
    crime: Ints,
    created: Ints,
    victim: Ints,
    suspect: Ints,
    extra: Ints,
    unknown: Flags,
) -> pl.DataFrame:
    """The dated notes of each investigation."""
    n = len(crime)
    parts: list[Columns] = []
    known = np.where(unknown, ~_RELATION_BIT.sum() & ~BIT["separation"] & ~BIT["children_together"], -1)

    def add(rows: Ints, after: Floats, kind: int, facts: Ints) -> None:
        when = created[rows] + (np.minimum(after, 4000) * DAY).astype(np.int64) + 1800
        parts.append(
            {
                "crime": crime[rows],
                "at": when,
                "created": when + rng.integers(60, 36_000, len(rows)),
                "note_kind": np.full(len(rows), kind),
                "facts": facts & known[rows],
                "victim": victim[rows],
                "suspect": suspect[rows],
            }
        )

    mask = c["facts"].astype(np.int64)
    everyone = np.arange(n)
    initial = np.where(mask & BIT["fear"] > 0, BIT["fear"], 0) | np.where(
        mask & BIT["distress"] > 0, BIT["distress"], 0
    )
    initial |= np.where(c["technology_evidence"], BIT["technology_evidence"], 0)
    initial |= np.where(c["officer_doubts"], BIT["victim_doubted"], 0) | extra
    add(everyone, rng.exponential(0.2, n), 0, initial)
    updates = np.flatnonzero(rng.random(n) < 0.6)
    add(
        updates,
        rng.exponential(12, len(updates)) + 0.5,
        1,
        (mask[updates] & BIT["escalation_victim"])
        | (extra[updates] & rng.integers(0, 1 << 52, len(updates))),
    )
    withdrawn = np.flatnonzero(c["withdrew"])
    reason = np.array(
        [
            BIT["withdrawal_no_prosecution"],
            BIT["withdrawal_fear"],
            BIT["withdrawal_stopped"],
            BIT["withdrawal_other"],
        ]
    )
    add(
        withdrawn,
        c["withdraw_after"][withdrawn].astype(np.float64),
        2,
        BIT["withdrawal"] | reason[np.maximum(c["withdraw_reason"][withdrawn].astype(np.int64), 0)],
    )
    heard = np.flatnonzero(c["interviewed"])
    add(
        heard,
        c["interview_after"][heard].astype(np.float64),
        3,
        np.where(c["denied"][heard], BIT["denial"], 0)
        | np.where(c["counter_allegation"][heard], BIT["counter_allegation"], 0),
    )
    enquiries = np.flatnonzero(rng.random(n) < 0.45)
    add(
        enquiries,
        rng.exponential(25, len(enquiries)) + 1,
        4,
        np.where(
            c["technology_evidence"][enquiries] & (rng.random(len(enquiries)) < 0.6),
            BIT["technology_evidence"],
            0,
        ),
    )
    ended = np.flatnonzero(c["police_nfa"])
    add(ended, c["nfa_after"][ended].astype(np.float64), 5, np.zeros(len(ended), dtype=np.int64))
    stacked = _stack(parts)
    return frame(
        "notes",
        stacked
        | {
            "note": FIRST_CRIME + np.arange(len(stacked["crime"])),
            "theme": np.full(len(stacked["crime"]), _THEME["stalking"]),
        },
    )


def _actions(rng: np.random.Generator, c: Columns, crime: Ints, created: Ints, suspect: Ints) -> pl.DataFrame:
    """What was done in each investigation, as far as it was put into the system."""
    n = len(crime)
    put_in = (created >= SYSTEM_CHANGE * DAY) | (rng.random(n) < 0.22)
    parts: list[Columns] = []
    number = {name: i for i, name in enumerate(ACTIONS)}

    def add(name: str, happened: Flags, after: Floats, result: Ints | None = None) -> None:
        rows = np.flatnonzero(happened & put_in)
        delay = np.where(np.isfinite(after[rows]), after[rows], 1.0)
        when = created[rows] + (np.minimum(delay, 4000) * DAY).astype(np.int64) + 900
        parts.append(
            {
                "crime": crime[rows],
                "at": when,
                "created": when + (_later(rng, len(rows), 0.3, 9) * DAY).astype(np.int64),
                "action_kind": np.full(len(rows), number[name]),
                "result": np.zeros(len(rows), dtype=np.int64) if result is None else result[rows],
                "about": suspect[rows],
            }
        )

    def after(name: str) -> Floats:
        return c[f"{name}_after"].astype(np.float64)

    def flag(name: str) -> Flags:
        return c[name].astype(bool)

    account = np.select([flag("counter_allegation"), flag("no_comment"), flag("denied")], [3, 1, 2], 4)
    add("arrest", flag("arrested"), after("arrest"))
    add("interview", flag("interviewed"), after("interview"), account)
    add("bail", flag("bailed"), np.minimum(after("arrest"), after("interview")) + 0.6)
    for action, name in (
        ("suspect_device_seized", "suspect_technology"), ("victim_device_provided", "victim_technology"),
        ("third_party_evidence", "third_party_evidence"), ("witness_statement", "witness"),
        ("support_offered", "support_offered"), ("special_scheme", "special_scheme"), ("referral_marac", "marac"),
    ):  # fmt: skip
        add(action, flag(name), after(name))
    add("support_declined", flag("support_declined"), rng.exponential(3, n))
    add("referral_advocate", rng.random(n) < np.where(flag("domestic"), 0.16, 0.05), rng.exponential(6, n))
    add("referral_early_awareness", rng.random(n) < 0.012, rng.exponential(40, n))
    add("disclosure_dvds", flag("domestic") & (rng.random(n) < 0.02), rng.exponential(30, n))
    operation = c["operation"].astype(np.int64)
    add("operation_lantern", operation == 1, rng.exponential(2, n))
    add("operation_beacon", operation == 2, rng.exponential(2, n))
    add("withdrawal_statement", flag("withdrawal_statement"), after("withdraw"))
    add("submitted_to_cps", flag("submitted_to_cps"), after("cps"))
    add("charge", flag("charged"), after("cps") + 3, np.where(flag("charge_differs"), 6, 0))
    stacked = _stack(parts)
    return frame("actions", stacked | {"action": FIRST_CRIME + np.arange(len(stacked["crime"]))})


def _orders(
    rng: np.random.Generator, c: Columns, crime: Ints, created: Ints, respondent: Ints, protected: Ints
) -> pl.DataFrame:
    """The life of each protective order, one row a step."""
    n = len(crime)
    step = {name: i for i, name in enumerate(ORDER_STEPS)}
    parts: list[Columns] = []
    first_free = FIRST_CRIME

    def add(rows: Ints, kind: int, numbers: Ints, name: str, when: Ints, expires: Ints, reason: Ints) -> None:
        parts.append(
            {
                "order": numbers,
                "order_kind": np.full(len(rows), kind),
                "step": np.full(len(rows), step[name]),
                "at": when,
                "created": when + rng.integers(3600, 6 * DAY, len(rows)),
                "crime": crime[rows],
                "respondent": respondent[rows],
                "protected": protected[rows],
                "reason": reason,
                "expires_day": expires,
            }
        )

    identified = c["suspect_identified"].astype(bool)
    life = {0: (180, 1095), 1: (20, 365), 2: (1, 730), 3: (1, 28)}
    for kind, name in enumerate(("protection_order", "non_molestation", "restraining", "prevention_order")):
        made = np.flatnonzero(c[name].astype(bool) & identified)
        full = created[made] + (np.minimum(c[f"{name}_after"][made].astype(np.float64), 4000) * DAY).astype(
            np.int64
        )
        numbers = first_free + np.arange(len(made))
        first_free += len(made)
        nothing = np.full(len(made), NONE)
        expires = full // DAY + life[kind][1]
        began = full - rng.integers(max(life[kind][0] // 2, 1), life[kind][0] + 1, len(made)) * DAY
        began = np.maximum(began, created[made] + 3600)
        for share, label in (
            (0.0, "considered"),
            (0.15, "advice_sought"),
            (0.4, "authorised"),
            (0.55, "applied"),
            (0.8, "interim"),
        ):
            if kind == 0 or label in ("considered", "applied"):
                chosen = (
                    np.arange(len(made))
                    if label != "interim"
                    else np.flatnonzero(rng.random(len(made)) < 0.6)
                )
                add(
                    made[chosen],
                    kind,
                    numbers[chosen],
                    label,
                    (began + share * (full - began)).astype(np.int64)[chosen],
                    nothing[chosen],
                    nothing[chosen],
                )
        add(made, kind, numbers, "full", full, expires, nothing)
        add(made, kind, numbers, "served", full + rng.integers(3600, 5 * DAY, len(made)), expires, nothing)
        varied = np.flatnonzero(rng.random(len(made)) < 0.06)
        add(
            made[varied],
            kind,
            numbers[varied],
            "varied",
            full[varied] + rng.integers(30, 300, len(varied)) * DAY,
            expires[varied] + 180,
            nothing[varied],
        )
        breached = np.flatnonzero(rng.random(len(made)) < 0.24)
        add(
            made[breached],
            kind,
            numbers[breached],
            "breached",
            full[breached] + rng.integers(2, life[kind][1], len(breached)) * DAY,
            expires[breached],
            nothing[breached],
        )
        add(made, kind, numbers, "expired", (expires + 1) * DAY, expires, nothing)
    thought = np.flatnonzero(identified & ~c["protection_order"].astype(bool) & (rng.random(n) < 0.035))
    numbers = first_free + np.arange(len(thought))
    when = created[thought] + rng.integers(2, 40, len(thought)) * DAY
    nothing = np.full(len(thought), NONE)
    add(thought, 0, numbers, "considered", when, nothing, nothing)
    asked = np.flatnonzero(rng.random(len(thought)) < 0.6)
    add(
        thought[asked],
        0,
        numbers[asked],
        "advice_sought",
        when[asked] + rng.integers(2, 30, len(asked)) * DAY,
        nothing[asked],
        nothing[asked],
    )
    add(
        thought,
        0,
        numbers,
        "not_pursued",
        when + rng.integers(31, 90, len(thought)) * DAY,
        nothing,
        pick((0.4, 0.3, 0.15, 0.15), rng.random(len(thought))),
    )
    return frame("orders", _stack(parts))


def _case_truth(
    cases: pl.DataFrame, crime: Ints, created: Ints, cast: Cast, reports: pl.DataFrame, case_rows: Ints
) -> pl.DataFrame:
    """Everything the investigators knew or decided in each case."""
    days = reports["recorded"].to_numpy()
    course = reports["course"].to_numpy()
    order = np.lexsort((days, course))
    following = np.full(len(days), np.inf)
    same = course[order][:-1] == course[order][1:]
    following[order[:-1][same]] = days[order][1:][same]
    ongoing = (following[case_rows] - days[case_rows]) < STILL_OPEN_DAYS
    c = cast.courses
    where = cases["course"].to_numpy()
    columns = {
        "crime": crime,
        "created": created,
        "course_key": where,
        "continues_after_report": ongoing,
        "relationship_number": c.relationship[where],
    }
    dropped = {"step", "row_in_step", "facts", "row", "course", "relationship", "recorded", "day"}
    kept = cases.select(name for name in cases.columns if name not in dropped)
    return pl.DataFrame(columns).hstack(kept)
