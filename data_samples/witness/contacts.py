"""Calls and messages: the dyad's own with their bursts, and the other traffic of each phone."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import polars as pl

from data_samples import chance
from data_samples.chance import Floats, Ints
from data_samples.witness.clocks import (
    DAY,
    Flags,
    Spans,
    count_between,
    hours_table,
    instants,
    time_of_day,
    wall_clock,
)
from data_samples.witness.devices import (
    BROKEN,
    CONTACTS,
    DUPLICATES,
    FORMATS,
    SLOTS,
    Devices,
    Extract,
    corrupted,
    device_columns,
    gather,
    refs,
)
from data_samples.witness.movements import Lives

BURST_FACTOR = 3.0  # a planted burst is at least this many times the dyad's own last 28 days
_KINDS = ("call", "attempt", "sms", "message")
_CALL, _ATTEMPT, _SMS, _MESSAGE = range(4)
_FAULTS = ("duplicate", "midnight", "epoch", "number_cut_short")

# Weights of the 24 hours: people who phone, and a suspect who does not sleep.
_TALK_HOURS = hours_table((2, 1, 0.5, 0.4, 0.5, 1, 3, 6, 8, 8, 8, 8, 9, 8, 8, 9, 10, 11, 11, 10, 9, 8, 6, 4))
_PURSUIT_HOURS = hours_table((6, 5, 4, 3, 2, 2, 3, 5, 5, 5, 5, 5, 6, 6, 5, 6, 7, 8, 8, 9, 10, 11, 11, 9))


@dataclass(frozen=True)
class Contacts:
    """True contacts of the dyads, one entry each."""

    case: Ints
    at: Ints
    by_suspect: Flags
    kind: Ints
    seconds: Ints

    def take(self, rows: Ints) -> Contacts:
        return Contacts(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})


def _lengths(random: np.random.Generator, kind: Ints) -> Ints:
    """Seconds of each call; nothing for what is no call."""
    talk = np.exp(random.standard_normal(len(kind), dtype=np.float32) * 1.2 + 4.3)
    return np.where(kind == _CALL, np.minimum(talk, 10_000.0).astype(np.int64) + 1, 0)


def _pursuit_rate(lives: Lives) -> Floats:
    """Contacts a day by the suspect, for each day: trend, noise, pauses, and what a plea or an order did."""
    cases, case = lives.cases, lives.case_of
    age = (lives.day_of - lives.first_day[case]) / lives.days[case]
    slope = chance.normal(lives.seed, "witness:trend", lives.key)[case] * 0.5
    noise = chance.normal(lives.seed, "witness:mood", lives.key[case], lives.day_of) * 0.3
    rate = np.exp(slope * (age - 0.5) + noise)
    for pause in range(6):
        begins = lives.first_day + (lives.drawn("pause", pause) * lives.days).astype(np.int64)
        lasts = 5 + (lives.drawn("pause days", pause) * 10).astype(np.int64)
        pauses = (pause * 90 < lives.days - 30) & (lives.drawn("pauses", pause) < 0.7)
        inside = (lives.day_of >= begins[case]) & (lives.day_of < (begins + lasts)[case])
        rate = np.where(inside & pauses[case], rate * 0.05, rate)
    midnight = lives.day_of * DAY
    asked = (cases.stop_request_at >= 0)[case] & (midnight >= cases.stop_request_at[case])
    served = (cases.order_at >= 0)[case] & (midnight >= cases.order_at[case])
    heeds = np.where(lives.drawn("heeds plea") < 0.3, 1.4, 0.7)
    obeys = np.where(lives.drawn("obeys order") < 0.65, 0.12, 0.8)
    rate = rate * np.where(asked, heeds[case], 1.0) * np.where(served, obeys[case], 1.0)
    mean = np.bincount(case, rate, len(cases)) / lives.days
    return rate / mean[case] * cases.intensity[case]


def _bursts(lives: Lives, rows: Floats, rate: Floats) -> tuple[Spans, Ints]:
    """At most one window in 45 days and its extra contacts, sized by the 28 days before."""
    cases, random = lives.cases, lives.random
    tries = np.minimum(lives.days // 45, 12)
    owner = np.repeat(np.arange(len(cases)), tries)
    turn = np.arange(len(owner)) - np.repeat(np.cumsum(tries) - tries, tries)
    starts = random.random(len(owner)) < 0.65
    owner, turn = owner[starts], turn[starts]
    hours = (random.random(len(owner)) * 240).astype(np.int64)
    start = (lives.first_day[owner] + 30 + turn * 45) * DAY + hours * 3600
    end = start + random.integers(4, 61, len(owner)) * 3600
    inside = (end < cases.end[owner]) & (start - 28 * DAY >= cases.start[owner])
    bursts = Spans.of(owner[inside], start[inside], end[inside])
    past = np.concatenate([[0.0], np.cumsum(rate)])
    today = lives.grid_row(bursts.owner, bursts.start)
    usual = np.maximum(past[today] - past[today - 28], 0.0) / 28 * (bursts.end - bursts.start) / DAY
    factor = 4.0 + 10.0 * random.random(len(today)) ** 2
    extra = factor * np.maximum(usual, 1.5)
    wild = random.random(len(today)) < 0.04
    length = (bursts.end - bursts.start) / DAY
    extra = np.where(wild, np.maximum(extra, np.minimum(690.0 * length, 0.12 * rows[bursts.owner])), extra)
    extra = np.minimum(extra, np.maximum(690.0 * length, 8.0))
    return bursts, np.ceil(extra).astype(np.int64)


def _dyad_contacts(lives: Lives, rows: Floats) -> tuple[Contacts, Spans]:
    """The suspect's contacts with their bursts, and the victim's replies; never most of the case's rows."""
    cases, random, case = lives.cases, lives.random, lives.case_of
    rate = _pursuit_rate(lives)
    expected = np.bincount(case, rate, len(cases)) * 2.2
    rate = rate * np.minimum(1.0, 0.45 * rows / np.maximum(expected, 1.0))[case]
    count = random.poisson(rate)
    row = np.repeat(np.arange(len(case)), count)
    at = lives.day_of[row] * DAY + time_of_day(random, _PURSUIT_HOURS, len(row))

    bursts, extra = _bursts(lives, rows, rate)
    added = np.repeat(np.arange(len(extra)), extra)
    within = bursts.end - bursts.start
    burst_at = bursts.start[added] + (random.random(len(added)) * within[added]).astype(np.int64)

    owner = np.concatenate([case[row], bursts.owner[added]])
    at = np.concatenate([at, burst_at])
    asked = (cases.stop_request_at[owner] >= 0) & (at >= cases.stop_request_at[owner])
    replies = random.random(len(owner)) < np.where(asked, 0.03, 0.2)
    reply_at = at + (30 + random.exponential(1500.0, len(at))).astype(np.int64)
    by_suspect = np.concatenate(
        [np.ones(len(at), dtype=np.bool_), np.zeros(int(replies.sum()), dtype=np.bool_)]
    )
    owner = np.concatenate([owner, owner[replies]])
    at = np.concatenate([at, reply_at[replies]])
    kind = chance.pick([0.12, 0.28, 0.2, 0.4], random.random(len(at)))
    kept = np.flatnonzero(lives.within(owner, at))
    contacts = Contacts(owner, at, by_suspect, kind, _lengths(random, kind)).take(kept)
    return contacts, bursts


@dataclass(frozen=True)
class Records:
    """Rows of communications before they have names: device, numbers and times."""

    device: Ints
    at: Ints  # true time
    sender: Ints  # an index of numbers, or -1 withheld and empty, -2 the word WITHHELD
    receiver: Ints
    kind: Ints
    seconds: Ints

    @staticmethod
    def joined(parts: list[Records]) -> Records:
        return Records(
            **{f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Records)}
        )

    def take(self, rows: Ints) -> Records:
        return Records(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})


def _halves(lives: Lives, devices: Devices, contacts: Contacts) -> tuple[Records, Flags]:
    """What each examined device of the dyad holds of each contact, and which contacts any of them holds."""
    random, cases = lives.random, lives.cases
    case, count = contacts.case, len(contacts.case)
    asked = (cases.stop_request_at[case] >= 0) & (contacts.at >= cases.stop_request_at[case])
    spare = devices.exists[case * SLOTS + 2] & (random.random(count) < np.where(asked, 0.5, 0.2))
    suspect = case * SLOTS + np.where(spare, 2, 0)
    victim = case * SLOTS + 1
    sender = np.where(contacts.by_suspect, suspect, victim)
    receiver = np.where(contacts.by_suspect, victim, suspect)
    sender_off = devices.gaps.at(sender, contacts.at) >= 0
    voice = contacts.kind <= _ATTEMPT
    hides = voice & contacts.by_suspect & (random.random(count) < np.where(asked, 0.3, 0.06))
    shown = np.where(random.random(count) < 0.5, -1, -2)
    parts: list[Records] = []
    held = np.zeros(count, dtype=np.bool_)
    for end, device in (("sender", sender), ("receiver", receiver)):
        keeps = devices.has_calls[device] & ~sender_off & (devices.gaps.at(device, contacts.at) < 0)
        keeps &= ~(devices.is_operator[device] & (contacts.kind == _MESSAGE))
        keeps &= random.random(count) >= np.where(devices.is_suspect[device], 0.08, 0.05)  # deleted, blocked
        rows = np.flatnonzero(keeps)
        held[rows] = True
        late = random.integers(0, 4, len(rows)) if end == "receiver" else np.zeros(len(rows), dtype=np.int64)
        seconds = contacts.seconds[rows]
        seconds = np.where(seconds > 1, np.maximum(seconds - late // 2, 1), seconds)
        hidden = hides[rows] & (end == "receiver")
        parts.append(
            Records(
                device=device[rows],
                at=contacts.at[rows] + late,
                sender=np.where(hidden, shown[rows], sender[rows] * (CONTACTS + 1)),
                receiver=receiver[rows] * (CONTACTS + 1),
                kind=contacts.kind[rows],
                seconds=seconds,
            )
        )
    return Records.joined(parts), held


def _other_traffic(lives: Lives, devices: Devices, missing: Floats) -> Records:
    """Family, work and the rest of the world, to fill each case up to its share of the rows."""
    random = lives.random
    weight = devices.has_calls * np.array([1.0, 1.0, 0.12, 0.0, 0.0])[devices.slot]
    shares = weight / np.bincount(devices.case, weight, len(missing))[devices.case]
    rows = shares * missing[devices.case] / devices.coverage
    count = np.floor(rows + random.random(len(rows))).astype(np.int64)
    device = np.repeat(np.arange(len(rows)), count)
    total = len(device)
    case = devices.case[device]
    day = lives.first_day[case] + (random.random(total, dtype=np.float32) * lives.days[case]).astype(np.int64)
    at = lives.wrapped(case, day * DAY + time_of_day(random, _TALK_HOURS, total))
    kept = np.flatnonzero(devices.gaps.at(device, at) < 0)
    device, at, total = device[kept], at[kept], len(kept)
    kinds = np.frombuffer(b"\0" * 18 + b"\1" * 12 + b"\2" * 14 + b"\3" * 56, dtype=np.uint8)
    kind = kinds[random.integers(0, 100, total)].astype(np.int64)
    kind = np.where(devices.is_operator[device] & (kind == _MESSAGE), _SMS, kind)
    friend = 1 + (random.random(total, dtype=np.float32) ** 2.5 * CONTACTS).astype(np.int64)
    own, other = device * (CONTACTS + 1), device * (CONTACTS + 1) + np.minimum(friend, CONTACTS)
    lot = random.integers(0, 1000, total)
    outward = lot % 2 == 0
    withheld = ~outward & (kind <= _ATTEMPT) & (lot < 60)
    sender = np.where(outward, own, np.where(withheld, np.where(lot < 30, -1, -2), other))
    return Records(device, at, sender, np.where(outward, other, own), kind, _lengths(random, kind))


def communications(lives: Lives, devices: Devices, rows: Floats, first: int) -> Extract:
    """The extract's rows and what is true of them; references count on from `first`."""
    random = lives.random
    fresh = rows / (1.0 + DUPLICATES)
    contacts, bursts = _dyad_contacts(lives, fresh)
    halves, held = _halves(lives, devices, contacts)
    spent = np.bincount(devices.case[halves.device], minlength=len(rows))
    records = Records.joined([halves, _other_traffic(lives, devices, np.maximum(fresh - spent, 0.0))])
    count = len(records.device)

    operator = devices.is_operator[records.device]
    shown = records.at + np.where(operator, 0, devices.clock_error(records.device, records.at))
    again = np.flatnonzero(random.random(count, dtype=np.float32) < DUPLICATES)
    source = np.concatenate([np.arange(count), again])
    fault = np.zeros(len(source), dtype=np.int64)  # 0 none, else one more than the index of the fault
    fault[count:] = 1
    broken = np.flatnonzero(random.random(count, dtype=np.float32) < BROKEN)
    fault[broken] = 2 + chance.pick([0.5, 0.2, 0.3], random.random(len(broken)))
    order = np.argsort((records.device[source] << 33) + shown[source], kind="stable")
    source, fault = source[order], fault[order]
    records, shown = records.take(source), wall_clock(shown[source])
    shown = np.where(fault == 2, shown // DAY * DAY, np.where(fault == 3, 0, shown))

    device, count = records.device, len(source)
    lot = random.integers(0, 100, int(source.max()) + 1 if count else 1)[source]  # a copy is written alike
    style = np.where(
        lot < np.where(devices.is_operator[device], 2, 20), (devices.format[device] + 1 + lot) % FORMATS,
        devices.format[device],
    )  # fmt: skip
    known = devices.numbers.height
    words = [devices.numbers[name].rename("number") for name in devices.numbers.columns]
    words = pl.concat([*words, pl.Series("number", [None, "WITHHELD"], dtype=pl.String)])
    own = device * (CONTACTS + 1)
    unknown = ~devices.knows_own[device] & ~devices.is_operator[device]

    def written(number: Ints) -> pl.Series:
        entry = np.where(number >= 0, style * known + number, known * FORMATS - 1 - number)
        return words.gather(pl.Series(np.where(unknown & (number == own), known * FORMATS, entry)))

    extract = np.where(
        devices.is_operator[device],
        1,
        np.where(devices.app_export[device] & (records.kind == _MESSAGE), 2, 0),
    )
    frame = pl.DataFrame({
        "record_ref": refs("CM", first, count),
        **device_columns(devices, device),
        "extract_kind": gather(["handset download", "call data record", "app export"], extract),
        "from_number": written(records.sender),
        "to_number": written(records.receiver),
        "started_at": instants("started_at", shown),
        "duration_seconds": pl.Series(records.seconds),
        "kind": gather(_KINDS, records.kind),
        "created_at": instants("created_at", lives.cases.extracted_at[devices.case[device]]),
    }).with_columns(
        pl.when(pl.Series(records.kind <= _ATTEMPT)).then(pl.col("duration_seconds")),
        pl.when(pl.Series(fault == 4)).then(pl.col("from_number").str.slice(0, 6)).otherwise("from_number"),
    ).select(
        "record_ref", "case_ref", "device_ref", "attributed_to", "attribution_basis", "extract_kind",
        "from_number", "to_number", "started_at", "duration_seconds", "kind", "created_at",
    )  # fmt: skip
    return frame, {
        "bursts": _burst_truth(lives, contacts, held, bursts),
        "corrupted": corrupted(frame["record_ref"], "communications", fault, _FAULTS),
    }


def _burst_truth(lives: Lives, contacts: Contacts, held: Flags, bursts: Spans) -> pl.DataFrame:
    """Bursts as the examined devices together could show them, against the dyad's own last 28 days."""
    seen = np.flatnonzero(held & contacts.by_suspect)
    moments = np.sort((contacts.case[seen] << 33) + contacts.at[seen])
    made = count_between(moments, bursts.owner, bursts.start, bursts.end)
    before = count_between(moments, bursts.owner, bursts.start - 28 * DAY, bursts.start)
    usual = (before + 0.5) / (28 * DAY) * (bursts.end - bursts.start)
    factor = made / usual
    rows = np.flatnonzero((factor >= BURST_FACTOR) & (made >= 4))
    return pl.DataFrame({
        "case_ref": lives.cases.refs.gather(pl.Series(bursts.owner[rows])),
        "course_key": lives.key[bursts.owner[rows]],
        "started_at": instants("started_at", wall_clock(bursts.start[rows])),
        "ended_at": instants("ended_at", wall_clock(bursts.end[rows])),
        "contacts": made[rows],
        "factor": np.round(factor[rows], 3),
    })  # fmt: skip
