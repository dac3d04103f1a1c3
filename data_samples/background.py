"""Everything else a force hears of: the residents' crimes, calls and logs, month by month, without memory.

A month needs nothing of another month: the people are pure functions of their keys, and who offends often is
decided by where a key stands. So memory stays flat at any scale.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from data_samples import offences, rates
from data_samples.chance import Columns, Flags, Floats, Ints, delays, generator, pick
from data_samples.conduct import BIT, draw_conduct
from data_samples.course_records.said import KIND_MASK, KIND_THEME, THEME, coded, flagged, pick_theme
from data_samples.geography import Geography
from data_samples.records import ACTIONS, DAY, NEVER_SECOND, NONE, ORDER_STEPS, Frames, frame
from data_samples.shocks import Shock

NUMBERS_A_MONTH = 300_000  # room for the references of one month at scale 1.0
RESIDENTS = 3_000_000
KNOWN_SHARE = 0.12  # of residents ever named as suspect
# A tail that is heavy but bounded: (share of those known, share of the offences).
TIERS = ((0.02, 0.25), (0.18, 0.40), (0.80, 0.35))
NEW_FORM_FROM = rates.day_number(rates.date(2022, 3, 1))
_BY_HOUR = (3, 2, 2, 1, 1, 1, 2, 3, 5, 5, 5, 5, 6, 6, 6, 6, 7, 7, 7, 7, 7, 6, 5, 4)
_LOG_THEMES = {
    "nuisance": 16, "welfare": 14, "traffic": 13, "suspicious_person": 10, "domestic_argument": 9,
    "public_order": 8, "missing_person": 4, "theft": 5, "damage": 4, "assault": 4, "burglary": 3,
    "harassment": 3, "custody_enquiry": 3, "shoplifting": 2, "other": 2,
}  # fmt: skip
_ACTIONS = {
    "arrest": 20, "interview": 20, "bail": 8, "witness_statement": 18, "support_offered": 12,
    "cctv_trawl": 12, "supervisor_review": 10,
}  # fmt: skip
_INNOCENT = np.int64(~(BIT["tracker"] | BIT["escalation_officer"]))


@dataclass(frozen=True)
class _Month:
    """One month, or a stretch of them: its chance, its people and where they live."""

    rng: np.random.Generator
    scale: float
    first_number: int
    first_day: int
    days: int
    wards: Floats  # how much each ward sees
    people: int

    def count(self, kind: str, *, seasonal: bool = False) -> int:
        """How many records of a kind there are."""
        swing = 0.06 * np.cos(2 * np.pi * (self.first_day + self.days / 2 - 200) / 365.25) if seasonal else 0
        return int(self.rng.poisson(rates.YEARLY[kind] * (1 + swing) * self.scale * self.days / 365.25))

    def numbers(self, n: int) -> Ints:
        return self.first_number + np.arange(n)

    def moments(self, n: int) -> Ints:
        """Moments of the month, more of them in the evening."""
        hour = pick(_BY_HOUR, self.rng.random(n))
        day = self.first_day + self.rng.integers(0, max(self.days, 1), n)
        return np.sort(day * DAY + hour * 3600 + self.rng.integers(0, 3600, n))

    def somewhere(self, n: int) -> Ints:
        return pick(self.wards, self.rng.random(n))

    def suspects(self, n: int) -> Ints:
        """Residents drawn as suspects: a few of them often."""
        known = max(int(self.people * KNOWN_SHARE), 60)
        tier = pick([share for _, share in TIERS], self.rng.random(n))
        edges = np.concatenate([[0.0], np.cumsum([size for size, _ in TIERS])])
        low, width = edges[tier], np.diff(edges)[tier]
        index = ((low + width * self.rng.random(n) ** 1.2) * known).astype(np.int64)
        return (np.minimum(index, known - 1) * 7_919 + 13) % self.people


@dataclass(frozen=True)
class _Crimes:
    """The crimes of a month, and of each what other records need to know of it."""

    records: pl.DataFrame
    number: Ints
    created: Ints
    kind: Ints
    domestic: Flags  # true, whatever the flag says
    named: Flags
    suspect: Ints  # who did it, named or not
    victim: Ints
    victimless: Flags

    def __len__(self) -> int:
        return len(self.number)


def residents(scale: float) -> int:
    return max(int(RESIDENTS * scale), 3_000) // 3 * 3


def month_of_background(
    seed: int, scale: float, month: int, first_day: int, days: int, geography: Geography, shock: Shock
) -> Frames:
    """The records created in one month by everybody who is in no course."""
    wards = geography.ward_population * (1.3 - 0.05 * geography.deprivation_decile)
    rng = generator(seed, "background", month)
    here = _Month(rng, scale, month * NUMBERS_A_MONTH, first_day, days, wards, residents(scale))
    crimes = _crimes(here, shock)
    logs = _logs(here, crimes)
    contacts = _contacts(here, logs.height)
    incidents = _incidents(here)
    return {
        "crimes": crimes.records,
        "contacts": contacts,
        "logs": logs,
        "incidents": incidents,
        "custody": _custody(here, crimes),
        "intelligence": _intelligence(here),
        "notes": _notes(here, crimes),
        "forms": _forms(here, crimes, incidents),
        "actions": _actions(here, crimes),
        "orders": _orders(here, crimes),
    }


def _mate(key: Ints) -> Ints:
    """Somebody else of the household."""
    return key - key % 3 + (key % 3 + 1) % 3


def _lag(rng: np.random.Generator, n: int) -> Ints:
    """Seconds between an event and its record: hours, now and then months."""
    days = np.where(
        rng.random(n) < 0.8,
        rng.exponential(0.3, n),
        np.where(rng.random(n) < 0.85, rng.exponential(6, n), rng.exponential(110, n)),
    )
    return (days * DAY).astype(np.int64) + 600


# ---------------------------------------------------------------------------- crimes
def _crimes(month: _Month, shock: Shock) -> _Crimes:
    rng = month.rng
    n = month.count("crimes", seasonal=True)
    created = month.moments(n)
    kind = pick(offences.BACKGROUND_SHARES, rng.random(n))
    is_conduct = np.isin(kind, offences.CONDUCT)
    personal = np.isin(kind, offences.VIOLENT) | is_conduct
    domestic = rng.random(n) < np.where(personal, 0.24, 0.05)
    seldom_solved = np.isin(kind, offences.of_family("acquisitive", "burglary"))
    named = rng.random(n) < np.where(domestic, 0.96, np.where(seldom_solved, 0.22, 0.58))
    suspect = month.suspects(n)
    stranger = rng.integers(0, month.people, n)
    victim = np.where(domestic, _mate(suspect), np.where(stranger == suspect, _mate(stranger), stranger))
    victimless = np.isin(kind, offences.VICTIMLESS)
    mistaken = offences.numbers("PUBORD", "ASLT", "HAR", "DAMAGE")
    kind = coded(rng, kind, created, shock)
    first_kind = np.where(rng.random(n) < 0.05, mistaken[rng.integers(0, 4, n)], kind)
    columns: Columns = {
        "crime": month.numbers(n),
        "offender": np.where(named, suspect, NONE),
        "victim": np.where(victimless, NONE, victim),
        "kind": kind,
        "first_kind": first_kind,
        "created": created,
        "theme": KIND_THEME[kind],
        "named": named,
    }
    columns |= _what_is_said(rng, kind, domestic, created)
    columns |= _how_it_ended(rng, named, created)
    columns |= _when(rng, is_conduct, first_kind != kind, created)
    columns |= _as_taken_in(month, kind, is_conduct, domestic, created)
    columns |= {"domestic": flagged(rng, domestic, created, shock)}
    columns |= _about_the_parties(rng, domestic)
    records = frame("crimes", columns)
    return _Crimes(records, month.numbers(n), created, kind, domestic, named, suspect, victim, victimless)


def _what_is_said(rng: np.random.Generator, kind: Ints, domestic: Flags, created: Ints) -> Columns:
    """What the text may say; harassment of residents is told like that of the courses, only less of it."""
    facts = KIND_MASK[kind].copy()
    row = np.flatnonzero(np.isin(kind, offences.numbers("HAR", "HARFV", "MALCOM")))
    n = len(row)
    drawn = draw_conduct(rng, np.where(domestic[row], 2, 5), np.zeros(n), np.zeros(n, dtype=bool))
    facts[row] = drawn["facts"] & rng.integers(0, 1 << 52, n) & _INNOCENT
    cyber = np.zeros(len(kind), dtype=bool)
    cyber[row] = rng.random(n) < 0.08
    return {"facts": facts, "cyber_flag_at": np.where(cyber, created, NONE)}


def _how_it_ended(rng: np.random.Generator, named: Flags, created: Ints) -> Columns:
    n = len(named)
    outcome = np.array(["18", "16", "15", "14", "1", "3", "8", "21", "22", ""])[
        np.where(
            named,
            pick((0, 30, 33, 1, 14, 4, 6, 2, 3, 7), rng.random(n)),
            pick((86, 0, 0, 7, 0, 0, 0, 0, 0, 7), rng.random(n)),
        )
    ]
    decided = created + (delays(rng, n, 25, 140) * DAY).astype(np.int64) + 7200
    cancelled = rng.random(n) < 0.015
    return {
        "outcome": outcome,
        "outcome_at": np.where(outcome == "", NEVER_SECOND, decided),
        "cancelled_at": np.where(cancelled, created + rng.integers(1, 60, n) * DAY, NONE),
        "charged": outcome == "1",
    }


def _when(rng: np.random.Generator, is_conduct: Flags, changed: Flags, created: Ints) -> Columns:
    n = len(created)
    occurred = created - _lag(rng, n)
    lasted = np.where(rng.random(n) < 0.25, rng.exponential(2 * DAY, n), 600.0)
    reclassified = created + (delays(rng, n, 4, 40) * DAY).astype(np.int64) + 3600
    return {
        "occurred": occurred,
        "occurred_to": occurred + lasted.astype(np.int64),
        "reported": np.minimum(created - 120, occurred + (created - occurred) // 2 + 60),
        "year_only": rng.random(n) < np.where(is_conduct, 0.035, 0.012),
        "reclassified": np.where(changed, reclassified, NONE),
    }


def _as_taken_in(month: _Month, kind: Ints, is_conduct: Flags, domestic: Flags, created: Ints) -> Columns:
    rng, n = month.rng, len(kind)
    online = is_conduct & (rng.random(n) < 0.35)
    score = 4 + 4 * np.isin(kind, offences.VIOLENT) + rng.normal(0, 2.5, n)
    return {
        "channel": pick((0.62, 0.12, 0.14, 0.08, 0.04), rng.random(n)),
        "reported_by": pick((0.74, 0.20, 0.06), rng.random(n)),
        "ward": month.somewhere(n),
        "place": np.where(online, 4, pick((0.3, 0.15, 0.45, 0.1), rng.random(n))),
        "weapon": np.isin(kind, offences.numbers("WEAP", "GBHI", "AGGBURG")),
        "vulnerable_at": np.where(rng.random(n) < 0.06, created + rng.integers(0, 40, n) * DAY, NONE),
        "team": np.where(
            domestic, pick((60, 16, 16, 6, 2), rng.random(n)), pick((3, 30, 35, 10, 22), rng.random(n))
        ),
        "score": np.clip(score.astype(np.int64), 1, 20),
        "has_text": rng.random(n) < 0.97,
    }


def _about_the_parties(rng: np.random.Generator, domestic: Flags) -> Columns:
    n = len(domestic)
    return {
        "relationship": np.where(domestic & (rng.random(n) < 0.12), rng.integers(0, 3, n), NONE),
        "victim_ethnicity_missing": rng.random(n) < 0.36,
        "suspect_ethnicity_missing": rng.random(n) < 0.40,
        "mental_health": rng.random(n) < 0.05,
        "victim_vulnerable": rng.random(n) < 0.05,
        "witness": rng.random(n) < 0.22,
    }


# ---------------------------------------------------------------------------- calls
def _logs(month: _Month, crimes: _Crimes) -> pl.DataFrame:
    """Logs of calls sent to; a fifth of them carry prose."""
    rng = month.rng
    n = month.count("command_logs", seasonal=True)
    started = month.moments(n)
    theme = np.array([THEME[name] for name in _LOG_THEMES])[pick(tuple(_LOG_THEMES.values()), rng.random(n))]
    caller = rng.integers(0, month.people, n)
    crime = _crimes_of_logs(rng, crimes, started)
    domestic = theme == THEME["domestic_argument"]
    created = started + rng.integers(5, 120, n)
    closed = started + 900 + rng.exponential(5 * 3600, n).astype(np.int64)
    opening = pick((4, 0, 6, 12, 9, 11, 5, 9, 13, 15, 14, 2), rng.random(n))
    closing = pick((0, 38, 34, 10, 11, 7), rng.random(n))
    return frame(
        "logs",
        {
            "log": month.numbers(n),
            "started": started,
            "created": created,
            "closed": closed,
            "opening": np.where(domestic, 1, opening),
            "closing": np.where(crime >= 0, 0, closing),
            "priority": pick((0.14, 0.36, 0.27, 0.23), rng.random(n)),
            "ward": month.somewhere(n),
            "caller": np.where(rng.random(n) < 0.12, NONE, caller),
            "suspect": np.where(domestic, _mate(caller), month.suspects(n)),
            "crime": crime,
            "domestic": domestic & (rng.random(n) < 0.9),
            "theme": theme,
            "has_text": rng.random(n) < 0.195,
        },
    )


def _crimes_of_logs(rng: np.random.Generator, crimes: _Crimes, started: Ints) -> Ints:
    """The crime that some of the logs led to: both in the order of time, the crime never first."""
    tied = min(int(0.6 * len(crimes)), len(started))
    log = np.sort(rng.choice(len(started), size=tied, replace=False))
    row = np.sort(rng.choice(len(crimes), size=tied, replace=False))
    after = crimes.created[row] >= started[log]
    crime = np.full(len(started), NONE)
    crime[log[after]] = crimes.number[row[after]]
    return crime


def _contacts(month: _Month, logs: int) -> pl.DataFrame:
    rng = month.rng
    n = month.count("contacts", seasonal=True)
    at = month.moments(n)
    logged = np.flatnonzero(rng.random(n) < 0.72)[:logs]
    log = np.full(n, NONE)
    log[logged] = month.first_number + (logged * (logs / max(n, 1))).astype(np.int64)
    return frame(
        "contacts",
        {
            "contact": month.numbers(n),
            "at": at,
            "created": at + rng.integers(20, 900, n),
            "channel": pick((0.25, 0.55, 0.05, 0.09, 0.06), rng.random(n)),
            "caller_role": pick((0.48, 0.34, 0.02, 0.16), rng.random(n)),
            "caller": np.where(rng.random(n) < 0.10, NONE, rng.integers(0, month.people, n)),
            "category": pick((3, 8, 3, 10, 7, 8, 5, 11, 13, 14, 13, 5), rng.random(n)),
            "ward": month.somewhere(n),
            "log": log,
        },
    )


# ---------------------------------------------------------------------------- what is done about people
def _incidents(month: _Month) -> pl.DataFrame:
    rng = month.rng
    n = month.count("domestic_incidents")
    created = month.moments(n)
    other = np.where(rng.random(n) < 0.5, month.suspects(n), rng.integers(0, month.people, n))
    return frame(
        "incidents",
        {
            "incident": month.numbers(n),
            "occurred": created - _lag(rng, n),
            "created": created,
            "ward": month.somewhere(n),
            "victim": _mate(other),
            "other": other,
            "relationship": np.where(rng.random(n) < 0.5, rng.integers(0, 3, n), NONE),
            "grade": pick((0.64, 0.29, 0.07), rng.random(n)),
            "children": rng.random(n) < 0.3,
        },
    )


def _custody(month: _Month, crimes: _Crimes) -> pl.DataFrame:
    rng = month.rng
    n = month.count("custody")
    arrested = month.moments(n)
    disposal = pick((0.22, 0.06, 0.30, 0.22, 0.20), rng.random(n))
    of_crime, row = _held_for(rng, crimes, n)
    length = np.clip(rng.gamma(1.4, 80, n), 7, 2000).astype(np.int64)
    sentence = np.where((disposal == 4) & (rng.random(n) < 0.12), length, NONE)
    detainee, kind = month.suspects(n), pick(offences.BACKGROUND_SHARES, rng.random(n))
    detainee[of_crime], kind[of_crime] = crimes.suspect[row], crimes.kind[row]
    crime = np.full(n, NONE)
    crime[of_crime] = np.where(rng.random(len(row)) < 0.75, crimes.number[row], NONE)
    heard = arrested + rng.integers(3 * 3600, 20 * 3600, n)
    remand, a_night = rng.integers(5, 150, n) * DAY, rng.integers(6 * 3600, 26 * 3600, n)
    released = arrested + np.where(disposal == 1, remand, a_night)
    return frame(
        "custody",
        {
            "custody": month.numbers(n),
            "detainee": detainee,
            "arrested": arrested,
            "created": arrested + rng.integers(600, 3 * 3600, n),
            "kind": kind,
            "crime": crime,
            "mental_health": rng.random(n) < 0.22,
            "alcohol": rng.random(n) < 0.24,
            "drugs": rng.random(n) < 0.26,
            "self_harm": rng.random(n) < 0.09,
            "interviewed": np.where(rng.random(n) < 0.8, heard, NONE),
            "account": pick((0.5, 0.3, 0.2), rng.random(n)),
            "disposal": disposal,
            "disposed": arrested + rng.integers(8 * 3600, 26 * 3600, n),
            "released": np.where(rng.random(n) < 0.38, NONE, released),
            "sentence_days": sentence,
            "sentenced": np.where(sentence > 0, arrested + rng.integers(20, 260, n) * DAY, NONE),
            "ethnicity_missing": rng.random(n) < 0.10,
        },
    )


def _held_for(rng: np.random.Generator, crimes: _Crimes, n: int) -> tuple[Ints, Ints]:
    """Which of the n detainees are held for a crime of the month, and for which."""
    named = np.flatnonzero(crimes.named)
    of_crime = np.flatnonzero((rng.random(n) < 0.7) & (len(named) > 0))
    return of_crime, named[rng.integers(0, max(len(named), 1), len(of_crime))]


def _intelligence(month: _Month) -> pl.DataFrame:
    rng = month.rng
    n = month.count("intelligence")
    created = month.moments(n)
    return frame(
        "intelligence",
        {
            "report": month.numbers(n),
            "event_day": created // DAY - 1 - rng.exponential(15, n).astype(np.int64),
            "created": created,
            "subject": month.suspects(n),
            "other": np.where(rng.random(n) < 0.2, month.suspects(n), NONE),
            "theme": pick_theme(rng, n),
        },
    )


def _notes(month: _Month, crimes: _Crimes) -> pl.DataFrame:
    rng = month.rng
    n = month.count("case_notes") if len(crimes) else 0
    of = rng.integers(0, max(len(crimes), 1), n)
    at = crimes.created[of] + (rng.exponential(14, n) * DAY).astype(np.int64) + 1800
    return frame(
        "notes",
        {
            "note": month.numbers(n),
            "crime": crimes.number[of],
            "at": at,
            "created": at + rng.integers(60, 36_000, n),
            "note_kind": pick((30, 25, 6, 9, 22, 8), rng.random(n)),
            "theme": KIND_THEME[crimes.kind[of]],
            "victim": np.where(crimes.victimless[of], NONE, crimes.victim[of]),
            "suspect": np.where(crimes.named[of], crimes.suspect[of], NONE),
        },
    )


def _forms(month: _Month, crimes: _Crimes, incidents: pl.DataFrame) -> pl.DataFrame:
    """Risk forms of some domestic incidents and crimes."""
    rng = month.rng
    incident = np.flatnonzero(rng.random(incidents.height) < 0.28)
    crime = np.flatnonzero(crimes.domestic & (rng.random(len(crimes)) < 0.40))
    about = {
        name: incidents[name].to_numpy()[incident] for name in ("created", "incident", "victim", "other")
    }
    n = len(incident) + len(crime)
    known = np.concatenate([about["created"], crimes.created[crime]])
    completed = known + rng.integers(600, 4 * DAY, n)

    def bits() -> Ints:
        return rng.integers(0, 1 << 18, n)

    return frame(
        "forms",
        {
            "form": month.numbers(n),
            "form_kind": np.where(completed >= NEW_FORM_FROM * DAY, 2, 0),
            "crime": np.concatenate([np.full(len(incident), NONE), crimes.number[crime]]),
            "incident": np.concatenate([about["incident"], np.full(len(crime), NONE)]),
            "victim": np.concatenate([about["victim"], crimes.victim[crime]]),
            "suspect": np.concatenate([about["other"], crimes.suspect[crime]]),
            "completed": completed,
            "created": completed + rng.integers(300, DAY, n),
            "grade": pick((0.62, 0.30, 0.08), rng.random(n)),
            "answers": bits() & bits(),
            "unanswered": bits() & bits() & bits(),
            "regraded": np.where(rng.random(n) < 0.02, completed + 5 * DAY, NONE),
        },
    )


def _actions(month: _Month, crimes: _Crimes) -> pl.DataFrame:
    rng = month.rng
    row = np.flatnonzero(crimes.named & (rng.random(len(crimes)) < 0.45))
    n = len(row)
    at = crimes.created[row] + (rng.exponential(8, n) * DAY).astype(np.int64) + 900
    kinds = np.array([ACTIONS.index(action) for action in _ACTIONS])
    return frame(
        "actions",
        {
            "action": month.numbers(n),
            "crime": crimes.number[row],
            "at": at,
            "created": at + rng.integers(600, 9 * DAY, n),
            "action_kind": kinds[pick(tuple(_ACTIONS.values()), rng.random(n))],
            "result": np.zeros(n, dtype=np.int64),
            "about": crimes.suspect[row],
        },
    )


def _orders(month: _Month, crimes: _Crimes) -> pl.DataFrame:
    """A few orders after domestic violence, of which only the making is known."""
    rng = month.rng
    violent = crimes.domestic & np.isin(crimes.kind, offences.VIOLENT)
    row = np.flatnonzero(violent & (rng.random(len(crimes)) < 0.05))
    n = len(row)
    at = crimes.created[row] + rng.integers(3600, 20 * DAY, n)
    return frame(
        "orders",
        {
            "order": month.numbers(n),
            "order_kind": pick((0, 55, 20, 25), rng.random(n)),
            "step": np.full(n, ORDER_STEPS.index("full")),
            "at": at,
            "created": at + rng.integers(3600, 6 * DAY, n),
            "crime": crimes.number[row],
            "respondent": crimes.suspect[row],
            "protected": crimes.victim[row],
            "expires_day": at // DAY + 365,
        },
    )
