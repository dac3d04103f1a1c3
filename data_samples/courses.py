"""Who stalks whom: the courses of conduct that come to notice, and the people in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data_samples import rates
from data_samples.chance import Flags, Floats, Ints, generator, pick
from data_samples.geography import Geography
from data_samples.shocks import NEVER, NEW_MIX, Shock

OFFENDERS_FROM = 10**12  # person keys; a household is key // 3, so a partner shares the offender's
VICTIMS_FROM = OFFENDERS_FROM + 3 * 40_000_000
BURN_IN = 728  # days simulated before the window opens, so that it opens on a world in motion


@dataclass(frozen=True)
class Offenders:
    """One entry per offender."""

    key: Ints
    male: Flags
    birth_day: Ints
    ethnicity: Ints
    ward: Ints
    kind: Ints
    unseen: Floats  # the part of the danger that no record shows
    convicted: Flags
    mental_health: Flags
    substance: Flags
    moved_out: Ints


@dataclass(frozen=True)
class Victims:
    """One entry per victim."""

    key: Ints
    male: Flags
    birth_day: Ints
    ethnicity: Ints
    ward: Ints
    mental_health: Flags
    vulnerable: Flags
    victimised_before: Flags
    alleged_before: Flags


@dataclass(frozen=True)
class Courses:
    """One entry per course of conduct, in the order of the first report."""

    offender: Ints
    victim: Ints
    relationship: Ints
    domestic: Flags
    district: Ints
    began: Ints
    first_report: Floats
    separated: Ints
    ended: Ints
    frailty: Floats
    trend: Ints
    pause_from: Ints
    pause_until: Ints
    hidden: Flags
    unknown_offender: Flags
    children: Flags
    stalker_type: Ints
    technology_lean: Floats


@dataclass(frozen=True)
class Cast:
    """The people and courses of one force."""

    courses: Courses
    offenders: Offenders
    victims: Victims
    start: int
    end: int


def season(day: Floats | Ints) -> Floats:
    """Conduct is reported more in summer."""
    return 1.0 + rates.SEASON_SWING * np.cos(2 * np.pi * (np.asarray(day, dtype=np.float64) - 182.0) / 365.25)


def _seasonal_days(rng: np.random.Generator, count: int, first: int, last: int) -> Floats:
    days = np.arange(first, last)
    edges = np.cumsum(season(days))
    drawn = rng.random(count) * edges[-1]
    day = np.asarray(np.searchsorted(edges, drawn), dtype=np.float64)
    return first + day + rng.random(count)


def _birth_days(rng: np.random.Generator, bands_of: Ints, at: Floats) -> Ints:
    bands, count = np.array(rates.SUSPECT_AGE_BANDS)[bands_of], len(bands_of)
    years = bands[:, 0] + rng.random(count) * (bands[:, 1] - bands[:, 0])
    return (at - years * 365.25).astype(np.int64)


def _district_wards(rng: np.random.Generator, geography: Geography, district: Ints) -> Ints:
    """A ward of the district; poorer wards see more of it."""
    weights = geography.ward_population * (1.45 - 0.09 * geography.deprivation_decile)
    wards = np.zeros(len(district), dtype=np.int64)
    for number in range(5):
        inside = np.flatnonzero(geography.ward_district == number)
        rows = np.flatnonzero(district == number)
        wards[rows] = inside[pick(weights[inside], rng.random(len(rows)))]
    return wards


def draw_cast(seed: int, focus: float, start: int, end: int, geography: Geography, shock: Shock) -> Cast:
    """Draw every course that comes to notice between the burn-in and the end."""
    rng = generator(seed, "courses")
    first, years = start - BURN_IN, (end - start + BURN_IN) / 365.25
    counts = {
        d: int(rng.poisson(rates.COURSES_A_YEAR[d] * focus * years)) for d in ("domestic", "non_domestic")
    }
    n = sum(counts.values())
    domestic = np.arange(n) < counts["domestic"]
    first_report = _seasonal_days(rng, n, first, end)
    order = np.argsort(first_report, kind="stable")
    first_report, domestic = first_report[order], domestic[order]
    is_domestic = domestic.astype(np.int64)

    def by_domain(shares: dict[str, tuple[float, ...]]) -> Ints:
        both = np.stack([pick(shares[d], rng.random(n)) for d in ("non_domestic", "domestic")])
        return both[is_domestic, np.arange(n)]

    district = by_domain({d: tuple(float(s) for s in v) for d, v in rates.DISTRICT_SHARES.items()})
    relationship = by_domain(rates.RELATIONSHIP_SHARES)
    stalker_type = by_domain(rates.TYPE_SHARES)

    # A new offender, or one who has a course already.
    is_new = (rng.random(n) < rates.NEW_OFFENDER) | (np.arange(n) == 0)
    own = np.cumsum(is_new) - 1
    earlier = (rng.random(n) * np.maximum(own, 1)).astype(np.int64)
    offender = np.where(is_new, own, np.minimum(earlier, own))
    offenders = int(own[-1]) + 1 if n else 0
    leads = np.flatnonzero(is_new)
    victim_is_new = (rng.random(n) < rates.NEW_VICTIM) | (np.arange(n) == 0)
    victim_own = np.cumsum(victim_is_new) - 1
    victim = np.where(victim_is_new, victim_own, (rng.random(n) * np.maximum(victim_own, 1)).astype(np.int64))
    victims = int(victim_own[-1]) + 1 if n else 0
    victim_leads = np.flatnonzero(victim_is_new)

    duration = np.exp(
        rng.normal(5.1, 1.3, n)
    )  # days from the first act to the first report: a third over a year
    began = (first_report - np.minimum(duration, 3650)).astype(np.int64)
    is_ex = relationship == 0
    separated = np.where(is_ex, (began - rng.normal(20, 40, n)).astype(np.int64), NEVER)
    later = (relationship == 1) & (rng.random(n) < 0.35)  # some couples part during the course
    separated = np.where(later, (first_report + rng.exponential(120, n)).astype(np.int64), separated)
    trend = pick(rates.TREND_SHARES, rng.random(n))
    lasting = np.array([130.0, 330.0, 420.0])[trend]
    ended = (first_report + np.minimum(rng.exponential(lasting), 2200)).astype(np.int64) + 1
    pauses = rng.random(n) < rates.PAUSES
    pause_from = np.where(pauses, (first_report + 20 + rng.exponential(60, n)).astype(np.int64), NEVER)
    hidden = rng.random(n) < rates.HIDDEN_SHARE
    child_chance = np.select(
        [is_ex, relationship == 1],
        [rates.CHILDREN_TOGETHER["ex_partner"], rates.CHILDREN_TOGETHER["partner"]],
        0.0,
    )

    ward = _district_wards(rng, geography, district)
    shares = tuple(rates.OFFENDER_KIND_SHARES)
    kind = pick(shares, rng.random(offenders))
    mixed = rng.random(offenders) < NEW_MIX * shock.felt("new_offender_mix", first_report[leads])
    kind = np.where(mixed, 0, kind)
    elsewhere = rng.random(offenders) < 0.12
    offender_ward = np.where(elsewhere, pick(geography.ward_population, rng.random(offenders)), ward[leads])
    lead_kind = relationship[leads]
    partnered = lead_kind <= 1
    shares_home = partnered & victim_is_new[leads]
    victim_key = VICTIMS_FROM + 3 * np.arange(victims, dtype=np.int64)
    in_home = np.flatnonzero(is_new & victim_is_new & (relationship <= 1))
    victim_key[victim_own[in_home]] = OFFENDERS_FROM + 3 * own[in_home] + 1
    offender_cast = Offenders(
        key=OFFENDERS_FROM + 3 * np.arange(offenders, dtype=np.int64),
        male=rng.random(offenders)
        >= np.where(domestic[leads], rates.SUSPECT_FEMALE["domestic"], rates.SUSPECT_FEMALE["non_domestic"]),
        birth_day=_birth_days(rng, by_domain(rates.SUSPECT_AGE_SHARES)[leads], first_report[leads]),
        ethnicity=pick(rates.ETHNICITY_SHARES, rng.random(offenders)),
        ward=offender_ward,
        kind=kind,
        unseen=rng.normal(0.0, 1.0, offenders),
        convicted=rng.random(offenders) < rates.CONVICTED_BEFORE,
        mental_health=rng.random(offenders) < rates.MENTAL_HEALTH_SUSPECT,
        substance=rng.random(offenders) < rates.SUBSTANCE_SUSPECT,
        moved_out=np.where(shares_home & (separated[leads] < NEVER), separated[leads], NEVER),
    )
    victim_cast = Victims(
        key=victim_key,
        male=rng.random(victims) >= rates.VICTIM_FEMALE,
        birth_day=_birth_days(
            rng, pick(rates.VICTIM_AGE_SHARES, rng.random(victims)), first_report[victim_leads]
        ),
        ethnicity=pick(rates.VICTIM_ETHNICITY_SHARES, rng.random(victims)),
        ward=ward[victim_leads],
        mental_health=rng.random(victims) < rates.MENTAL_HEALTH_VICTIM,
        vulnerable=rng.random(victims) < rates.VULNERABLE_VICTIM,
        victimised_before=rng.random(victims) < rates.VICTIM_OTHER_VICTIMISATION,
        alleged_before=rng.random(victims) < rates.VICTIM_ALLEGATION,
    )
    courses = Courses(
        offender=offender,
        victim=victim,
        relationship=relationship,
        domestic=domestic,
        district=district,
        began=began,
        first_report=first_report,
        separated=separated,
        ended=ended,
        frailty=rng.gamma(rates.FRAILTY_SHAPE, 1 / rates.FRAILTY_SHAPE, n),
        trend=trend,
        pause_from=pause_from,
        pause_until=pause_from + rng.integers(45, 240, n),
        hidden=hidden,
        unknown_offender=hidden & (rng.random(n) < rates.HIDDEN_OFFENDER_UNKNOWN),
        children=rng.random(n) < child_chance,
        stalker_type=stalker_type,
        technology_lean=rng.normal(0.0, 0.5, n),
    )
    return Cast(courses, offender_cast, victim_cast, start, end)
