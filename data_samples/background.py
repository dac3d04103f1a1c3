"""Everything else a force hears of: the residents' crimes, calls and logs, month by month, without memory.

A month needs nothing of another month: the people are pure functions of their keys, and who offends often is
decided by where a key stands. So memory stays flat at any scale.
"""

from __future__ import annotations

import numpy as np

from data_samples import offences, rates
from data_samples.chance import Floats, Ints, generator, pick
from data_samples.course_records import KIND_MASK, KIND_THEME, Frames, coded, flagged, pick_theme
from data_samples.geography import Geography
from data_samples.investigation import BIT, draw_conduct
from data_samples.prose.codes import THEMES
from data_samples.records import ACTIONS, DAY, NEVER_SECOND, NONE, frame
from data_samples.shocks import Shock

NUMBERS_A_MONTH = 300_000  # room for the references of one month at scale 1.0
RESIDENTS = 3_000_000
KNOWN_SHARE = 0.12  # of residents ever named as suspect
# A tail that is heavy but bounded: (share of those known, share of the offences).
TIERS = ((0.02, 0.25), (0.18, 0.40), (0.80, 0.35))
_THEME = {name: number for number, name in enumerate(THEMES)}
_LOG_THEMES = (
    "nuisance", "welfare", "traffic", "suspicious_person", "domestic_argument", "public_order", "missing_person",
    "theft", "damage", "assault", "burglary", "harassment", "custody_enquiry", "shoplifting", "other",
)  # fmt: skip
_LOG_SHARES = (16, 14, 13, 10, 9, 8, 4, 5, 4, 4, 3, 3, 3, 2, 2)
_INNOCENT = np.int64(~(BIT["tracker"] | BIT["escalation_officer"]))


def residents(scale: float) -> int:
    return max(int(RESIDENTS * scale), 3_000) // 3 * 3


def _suspects(rng: np.random.Generator, n: int, people: int) -> Ints:
    """Residents drawn as suspects: a few of them often."""
    known = max(int(people * KNOWN_SHARE), 60)
    tier = pick([share for _, share in TIERS], rng.random(n))
    edges = np.concatenate([[0.0], np.cumsum([size for size, _ in TIERS])])
    low, width = edges[tier], np.diff(edges)[tier]
    index = ((low + width * rng.random(n) ** 1.2) * known).astype(np.int64)
    return (np.minimum(index, known - 1) * 7_919 + 13) % people


def _mate(key: Ints) -> Ints:
    """Somebody else of the household."""
    return key - key % 3 + (key % 3 + 1) % 3


def _count(rng: np.random.Generator, yearly: float, days: float, scale: float) -> int:
    return int(rng.poisson(yearly * scale * days / 365.25))


def _moments(rng: np.random.Generator, n: int, first_day: int, days: int) -> Ints:
    """Moments of a month, more of them in the evening."""
    hour = pick((3, 2, 2, 1, 1, 1, 2, 3, 5, 5, 5, 5, 6, 6, 6, 6, 7, 7, 7, 7, 7, 6, 5, 4), rng.random(n))
    moment = (first_day + rng.integers(0, max(days, 1), n)) * DAY + hour * 3600 + rng.integers(0, 3600, n)
    return np.sort(moment)


def _lag(rng: np.random.Generator, n: int) -> Ints:
    """Seconds between an event and its record: hours, now and then months."""
    days = np.where(
        rng.random(n) < 0.8,
        rng.exponential(0.3, n),
        np.where(rng.random(n) < 0.85, rng.exponential(6, n), rng.exponential(110, n)),
    )
    return (days * DAY).astype(np.int64) + 600


def _later(rng: np.random.Generator, n: int, quick: float, slow: float) -> Floats:
    return np.where(rng.random(n) < 0.8, rng.exponential(quick, n), rng.exponential(slow, n))


def month_of_background(
    seed: int,
    scale: float,
    month: int,
    first_day: int,
    days: int,
    geography: Geography,
    shock: Shock,
) -> Frames:
    """The records created in one month by everybody who is in no course."""
    rng = generator(seed, "background", month)
    people = residents(scale)
    base = month * NUMBERS_A_MONTH
    wards = geography.ward_population * (1.3 - 0.05 * geography.deprivation_decile)
    swing = 1 + 0.06 * np.cos(2 * np.pi * (first_day + days / 2 - 200) / 365.25)

    # ---- crimes
    n = _count(rng, rates.YEARLY["crimes"] * swing, days, scale)
    created = _moments(rng, n, first_day, days)
    kind = pick(offences.BACKGROUND_SHARES, rng.random(n))
    is_conduct = np.isin(kind, offences.CONDUCT)
    domestic = rng.random(n) < np.where(np.isin(kind, offences.VIOLENT) | is_conduct, 0.24, 0.05)
    named = rng.random(n) < np.where(
        domestic, 0.96, np.where(np.isin(kind, offences.of_family("acquisitive", "burglary")), 0.22, 0.58)
    )
    suspect = _suspects(rng, n, people)
    stranger = rng.integers(0, people, n)
    victim = np.where(domestic, _mate(suspect), np.where(stranger == suspect, _mate(stranger), stranger))
    victimless = np.isin(kind, offences.numbers("SHOP", "DRUGP", "DRUGS", "WEAP"))
    first_kind = np.where(
        rng.random(n) < 0.05, offences.numbers("PUBORD", "ASLT", "HAR", "DAMAGE")[rng.integers(0, 4, n)], kind
    )
    kind = coded(rng, kind, created, shock)
    facts = KIND_MASK[kind].copy()
    conduct = np.flatnonzero(np.isin(kind, offences.numbers("HAR", "HARFV", "MALCOM")))
    drawn = draw_conduct(
        rng, np.where(domestic[conduct], 2, 5), np.zeros(len(conduct)), np.zeros(len(conduct), dtype=bool)
    )
    facts[conduct] = drawn["facts"].astype(np.int64) & rng.integers(0, 1 << 52, len(conduct)) & _INNOCENT
    cyber = np.zeros(n, dtype=bool)
    cyber[conduct] = rng.random(len(conduct)) < 0.08
    outcome = np.array(["18", "16", "15", "14", "1", "3", "8", "21", "22", ""])[
        np.where(
            named,
            pick((0, 30, 33, 1, 14, 4, 6, 2, 3, 7), rng.random(n)),
            pick((86, 0, 0, 7, 0, 0, 0, 0, 0, 7), rng.random(n)),
        )
    ]
    occurred = created - _lag(rng, n)
    crimes = frame(
        "crimes",
        {
            "crime": base + np.arange(n),
            "offender": np.where(named, suspect, NONE),
            "victim": np.where(victimless, NONE, victim),
            "kind": kind,
            "first_kind": first_kind,
            "created": created,
            "reported": np.minimum(created - 120, occurred + (created - occurred) // 2 + 60),
            "occurred": occurred,
            "occurred_to": occurred
            + np.where(rng.random(n) < 0.25, rng.exponential(2 * DAY, n), 600.0).astype(np.int64),
            "year_only": rng.random(n) < np.where(is_conduct, 0.035, 0.012),
            "reclassified": np.where(
                first_kind != kind, created + (_later(rng, n, 4, 40) * DAY).astype(np.int64) + 3600, NONE
            ),
            "outcome": outcome,
            "outcome_at": np.where(
                outcome == "", NEVER_SECOND, created + (_later(rng, n, 25, 140) * DAY).astype(np.int64) + 7200
            ),
            "cancelled_at": np.where(rng.random(n) < 0.015, created + rng.integers(1, 60, n) * DAY, NONE),
            "channel": pick((0.62, 0.12, 0.14, 0.08, 0.04), rng.random(n)),
            "reported_by": pick((0.74, 0.20, 0.06), rng.random(n)),
            "ward": pick(wards, rng.random(n)),
            "place": np.where(
                is_conduct & (rng.random(n) < 0.35), 4, pick((0.3, 0.15, 0.45, 0.1), rng.random(n))
            ),
            "domestic": flagged(rng, domestic, created, shock),
            "online": np.zeros(n, dtype=bool),
            "cyber_flag_at": np.where(cyber, created, NONE),
            "weapon": np.isin(kind, offences.numbers("WEAP", "GBHI", "AGGBURG")),
            "vulnerable_at": np.where(rng.random(n) < 0.06, created + rng.integers(0, 40, n) * DAY, NONE),
            "team": np.where(
                domestic, pick((60, 16, 16, 6, 2), rng.random(n)), pick((3, 30, 35, 10, 22), rng.random(n))
            ),
            "score": np.clip(
                (4 + 4 * np.isin(kind, offences.VIOLENT) + rng.normal(0, 2.5, n)).astype(np.int64), 1, 20
            ),
            "theme": KIND_THEME[kind],
            "facts": facts,
            "relationship": np.where(domestic & (rng.random(n) < 0.12), rng.integers(0, 3, n), NONE),
            "named": named,
            "victim_ethnicity_missing": rng.random(n) < 0.36,
            "suspect_ethnicity_missing": rng.random(n) < 0.40,
            "mental_health": rng.random(n) < 0.05,
            "victim_vulnerable": rng.random(n) < 0.05,
            "charged": outcome == "1",
            "witness": rng.random(n) < 0.22,
            "has_text": rng.random(n) < 0.97,
        },
    )

    # ---- logs and contacts: a fifth of the logs carry prose
    q = _count(rng, rates.YEARLY["command_logs"] * swing, days, scale)
    started = _moments(rng, q, first_day, days)
    log_theme = np.array([_THEME[name] for name in _LOG_THEMES])[pick(_LOG_SHARES, rng.random(q))]
    caller = rng.integers(0, people, q)
    crime_of = np.full(q, NONE)
    tied = (
        np.sort(rng.choice(q, size=min(int(0.6 * n), q), replace=False)) if q else np.zeros(0, dtype=np.int64)
    )
    chosen = (
        np.sort(rng.choice(n, size=len(tied), replace=False))
        if n >= len(tied)
        else np.arange(len(tied)) % max(n, 1)
    )
    later = created[chosen] >= started[tied]
    crime_of[tied[later]] = base + chosen[later]
    is_domestic_log = log_theme == _THEME["domestic_argument"]
    logs = frame(
        "logs",
        {
            "log": base + np.arange(q),
            "started": started,
            "created": started + rng.integers(5, 120, q),
            "closed": started + 900 + rng.exponential(5 * 3600, q).astype(np.int64),
            "opening": np.where(
                is_domestic_log, 1, pick((4, 0, 6, 12, 9, 11, 5, 9, 13, 15, 14, 2), rng.random(q))
            ),
            "closing": np.where(crime_of >= 0, 0, pick((0, 38, 34, 10, 11, 7), rng.random(q))),
            "priority": pick((0.14, 0.36, 0.27, 0.23), rng.random(q)),
            "ward": pick(wards, rng.random(q)),
            "caller": np.where(rng.random(q) < 0.12, NONE, caller),
            "suspect": np.where(is_domestic_log, _mate(caller), _suspects(rng, q, people)),
            "crime": crime_of,
            "domestic": is_domestic_log & (rng.random(q) < 0.9),
            "theme": log_theme,
            "has_text": rng.random(q) < 0.195,
        },
    )
    k = _count(rng, rates.YEARLY["contacts"] * swing, days, scale)
    at = _moments(rng, k, first_day, days)
    logged = np.flatnonzero(rng.random(k) < 0.72)[:q]
    log_of = np.full(k, NONE)
    log_of[logged] = base + (logged * (q / max(k, 1))).astype(np.int64)
    contacts = frame(
        "contacts",
        {
            "contact": base + np.arange(k),
            "at": at,
            "created": at + rng.integers(20, 900, k),
            "channel": pick((0.25, 0.55, 0.05, 0.09, 0.06), rng.random(k)),
            "caller_role": pick((0.48, 0.34, 0.02, 0.16), rng.random(k)),
            "caller": np.where(rng.random(k) < 0.10, NONE, rng.integers(0, people, k)),
            "category": pick((3, 8, 3, 10, 7, 8, 5, 11, 13, 14, 13, 5), rng.random(k)),
            "ward": pick(wards, rng.random(k)),
            "log": log_of,
        },
    )

    # ---- domestic incidents, custody, intelligence, notes, forms, actions
    v = _count(rng, rates.YEARLY["domestic_incidents"], days, scale)
    incident_at = _moments(rng, v, first_day, days)
    other = np.where(rng.random(v) < 0.5, _suspects(rng, v, people), rng.integers(0, people, v))
    incidents = frame(
        "incidents",
        {
            "incident": base + np.arange(v),
            "occurred": incident_at - _lag(rng, v),
            "created": incident_at,
            "ward": pick(wards, rng.random(v)),
            "victim": _mate(other),
            "other": other,
            "relationship": np.where(rng.random(v) < 0.5, rng.integers(0, 3, v), NONE),
            "grade": pick((0.64, 0.29, 0.07), rng.random(v)),
            "children": rng.random(v) < 0.3,
        },
    )
    w = _count(rng, rates.YEARLY["custody"], days, scale)
    arrested = _moments(rng, w, first_day, days)
    disposal = pick((0.22, 0.06, 0.30, 0.22, 0.20), rng.random(w))
    from_crimes = (
        np.flatnonzero(named)[rng.integers(0, max(int(named.sum()), 1), w)]
        if named.any()
        else np.zeros(w, dtype=np.int64)
    )
    has_crime = (rng.random(w) < 0.7) & bool(named.any())
    sentence = np.where(
        (disposal == 4) & (rng.random(w) < 0.12),
        np.clip(rng.gamma(1.4, 80, w), 7, 2000).astype(np.int64),
        NONE,
    )
    custody = frame(
        "custody",
        {
            "custody": base + np.arange(w),
            "detainee": np.where(has_crime, suspect[from_crimes], _suspects(rng, w, people))
            if n
            else _suspects(rng, w, people),
            "arrested": arrested,
            "created": arrested + rng.integers(600, 3 * 3600, w),
            "kind": np.where(has_crime, kind[from_crimes], pick(offences.BACKGROUND_SHARES, rng.random(w)))
            if n
            else pick(offences.BACKGROUND_SHARES, rng.random(w)),
            "crime": np.where(has_crime & (rng.random(w) < 0.75), base + from_crimes, NONE),
            "mental_health": rng.random(w) < 0.22,
            "alcohol": rng.random(w) < 0.24,
            "drugs": rng.random(w) < 0.26,
            "self_harm": rng.random(w) < 0.09,
            "interviewed": np.where(
                rng.random(w) < 0.8, arrested + rng.integers(3 * 3600, 20 * 3600, w), NONE
            ),
            "account": pick((0.5, 0.3, 0.2), rng.random(w)),
            "disposal": disposal,
            "disposed": arrested + rng.integers(8 * 3600, 26 * 3600, w),
            "released": np.where(
                rng.random(w) < 0.38,
                NONE,
                arrested
                + np.where(
                    disposal == 1, rng.integers(5, 150, w) * DAY, rng.integers(6 * 3600, 26 * 3600, w)
                ),
            ),
            "sentence_days": sentence,
            "sentenced": np.where(sentence > 0, arrested + rng.integers(20, 260, w) * DAY, NONE),
            "ethnicity_missing": rng.random(w) < 0.10,
        },
    )
    i = _count(rng, rates.YEARLY["intelligence"], days, scale)
    entered = _moments(rng, i, first_day, days)
    intelligence = frame(
        "intelligence",
        {
            "report": base + np.arange(i),
            "event_day": entered // DAY - 1 - rng.exponential(15, i).astype(np.int64),
            "created": entered,
            "subject": _suspects(rng, i, people),
            "other": np.where(rng.random(i) < 0.2, _suspects(rng, i, people), NONE),
            "theme": pick_theme(rng, i),
        },
    )
    z = _count(rng, rates.YEARLY["case_notes"], days, scale)
    of = rng.integers(0, max(n, 1), z if n else 0)
    noted = created[of] + (rng.exponential(14, len(of)) * DAY).astype(np.int64) + 1800
    notes = frame(
        "notes",
        {
            "note": base + np.arange(len(of)),
            "crime": base + of,
            "at": noted,
            "created": noted + rng.integers(60, 36_000, len(of)),
            "note_kind": pick((30, 25, 6, 9, 22, 8), rng.random(len(of))),
            "theme": KIND_THEME[kind[of]],
            "victim": np.where(victimless[of], NONE, victim[of]),
            "suspect": np.where(named[of], suspect[of], NONE),
        },
    )
    about_incident = rng.random(v) < 0.28
    about_crime = domestic & (rng.random(n) < 0.40)
    form_rows, crime_rows = np.flatnonzero(about_incident), np.flatnonzero(about_crime)
    f = len(form_rows) + len(crime_rows)
    completed = np.concatenate([incident_at[form_rows], created[crime_rows]]) + rng.integers(600, 4 * DAY, f)
    new_form = completed >= rates.day_number(rates.date(2022, 3, 1)) * DAY
    forms = frame(
        "forms",
        {
            "form": base + np.arange(f),
            "form_kind": np.where(new_form, 2, 0),
            "crime": np.concatenate([np.full(len(form_rows), NONE), base + crime_rows]),
            "incident": np.concatenate([base + form_rows, np.full(len(crime_rows), NONE)]),
            "victim": np.concatenate([_mate(other[form_rows]), victim[crime_rows]]),
            "suspect": np.concatenate([other[form_rows], suspect[crime_rows]]),
            "completed": completed,
            "created": completed + rng.integers(300, DAY, f),
            "grade": pick((0.62, 0.30, 0.08), rng.random(f)),
            "answers": rng.integers(0, 1 << 18, f) & rng.integers(0, 1 << 18, f),
            "unanswered": rng.integers(0, 1 << 18, f)
            & rng.integers(0, 1 << 18, f)
            & rng.integers(0, 1 << 18, f),
            "regraded": np.where(rng.random(f) < 0.02, completed + 5 * DAY, NONE),
        },
    )
    acted = np.flatnonzero(named & (rng.random(n) < 0.45))
    action_at = created[acted] + (rng.exponential(8, len(acted)) * DAY).astype(np.int64) + 900
    actions = frame(
        "actions",
        {
            "action": base + np.arange(len(acted)),
            "crime": base + acted,
            "at": action_at,
            "created": action_at + rng.integers(600, 9 * DAY, len(acted)),
            "action_kind": np.array(
                [
                    ACTIONS.index(a)
                    for a in (
                        "arrest",
                        "interview",
                        "bail",
                        "witness_statement",
                        "support_offered",
                        "cctv_trawl",
                        "supervisor_review",
                    )
                ]
            )[pick((20, 20, 8, 18, 12, 12, 10), rng.random(len(acted)))],
            "result": np.zeros(len(acted), dtype=np.int64),
            "about": suspect[acted],
        },
    )
    made = np.flatnonzero(domestic & np.isin(kind, offences.VIOLENT) & (rng.random(n) < 0.05))
    order_at = created[made] + rng.integers(3600, 20 * DAY, len(made))
    orders = frame(
        "orders",
        {
            "order": base + np.arange(len(made)),
            "order_kind": pick((0, 55, 20, 25), rng.random(len(made))),
            "step": np.full(len(made), 6),
            "at": order_at,
            "created": order_at + rng.integers(3600, 6 * DAY, len(made)),
            "crime": base + made,
            "respondent": suspect[made],
            "protected": victim[made],
            "expires_day": order_at // DAY + 365,
        },
    )
    made_frames: Frames = {
        "crimes": crimes, "contacts": contacts, "logs": logs, "incidents": incidents, "forms": forms,
        "custody": custody, "notes": notes, "intelligence": intelligence, "orders": orders, "actions": actions,
    }  # fmt: skip
    return made_frames
