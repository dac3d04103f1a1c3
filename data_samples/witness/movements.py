"""Two people, their days, and the times the suspect goes where the victim is: before any device saw it."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike

from data_samples import chance
from data_samples.chance import Floats, Ints
from data_samples.geography import Geography, to_metres
from data_samples.witness.cases import Cases
from data_samples.witness.clocks import DAY, Flags, Spans
from data_samples.witness.ground import Landmarks, far, round_about

SAME_WORKPLACE, SAME_STATION = 0.08, 0.10  # shares of dyads who meet innocently
NO_VISITS = 0.35  # share of dyads whose suspect never comes near
VISITS = (
    "waiting_home", "waiting_work", "waiting_errand", "following",
    "near_home_without_victim", "near_work_without_victim",
)  # fmt: skip
MEETINGS = ("innocent_workplace", "innocent_station", "innocent_home", "innocent_neighbours")


@dataclass(frozen=True)
class Days:
    """One person's movements: for each day, times of day and the places between which they move evenly."""

    clock: Floats  # (day, 10) seconds: midnight, eight turning points, midnight
    place: Floats  # (day, 10, 2) metres at each of these
    at_work: Flags

    def position(self, day: Ints, second: Floats) -> Floats:
        leg = np.zeros(len(day), dtype=np.int64)
        for turn in range(1, 9):
            leg += self.clock[day, turn] <= second
        start, end = self.clock[day, leg], self.clock[day, leg + 1]
        share = (second - start) / np.maximum(end - start, 1.0)
        here, there = self.place[day, leg], self.place[day, leg + 1]
        return here + (there - here) * share[:, None]


class Lives:
    """The true course of each case of a chunk, before any device recorded it."""

    def __init__(self, cases: Cases, geography: Geography, landmarks: Landmarks, seed: int) -> None:
        self.cases, self.geography, self.landmarks, self.seed = cases, geography, landmarks, seed
        self.key = cases.course_key
        self.random = chance.generator(seed, "witness", int(self.key[0]), len(cases))
        self.first_day = cases.start // DAY
        self.days = (cases.end - 1) // DAY - self.first_day + 1
        self.offset: Ints = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(self.days)])
        self.case_of = np.repeat(np.arange(len(cases)), self.days)
        self.day_of: Ints = (
            np.arange(self.offset[-1]) - self.offset[self.case_of] + self.first_day[self.case_of]
        )
        self._settle()
        self.victim = self._live("victim")
        self.suspect = self._live("suspect")
        self.meetings = Meetings.of(self)
        self.visits = Visits(self)

    def drawn(self, stream: str, *keys: ArrayLike) -> Floats:
        """A number for each case."""
        return chance.uniform(self.seed, f"witness:{stream}", self.key, *keys)

    def daily(self, stream: str) -> Floats:
        """A number for each day of each case."""
        return chance.uniform(self.seed, f"witness:{stream}", self.key[self.case_of], self.day_of)

    def _settle(self) -> None:
        """Home, work, station and errands of both, and what they share by accident."""
        shops = 5
        self.home: dict[str, Floats] = {}
        self.work: dict[str, Floats] = {}
        self.errands: dict[str, Floats] = {}
        self.station: dict[str, Floats] = {}
        self.by_train: dict[str, Flags] = {}
        self.employed: dict[str, Flags] = {}
        self.same_work = self.drawn("same work") < SAME_WORKPLACE
        self.same_station = ~self.same_work & (self.drawn("same station") < SAME_STATION)
        shared = self.same_work | self.same_station
        both = (
            ("victim", self.cases.victim_key, self.cases.victim_ward),
            ("suspect", self.cases.suspect_key, self.cases.suspect_ward),
        )
        for who, person, ward in both:
            self.home[who] = self._points(ward, person // 3, "home")
            self.employed[who] = shared | (self.drawn(f"{who} employed") < 0.75)
            work_ward = self._ward_near(ward, self.drawn(f"{who} work ward"))
            self.work[who] = self._points(work_ward, person, "work")
            place = [
                self._points(
                    self._ward_near(ward, self.drawn(f"{who} errand ward", shop) ** 2),
                    person * 8 + shop,
                    "errand",
                )
                for shop in range(shops)
            ]
            self.errands[who] = np.stack(place, axis=1)
            apart = far(self.home[who][:, None, :], self.landmarks.stations[None, :, :])
            self.station[who] = self.landmarks.stations[apart.argmin(axis=1)]
            self.by_train[who] = self.same_station | (self.drawn(f"{who} train") < 0.25)
        near = 20.0 + 40.0 * self.drawn("desk apart")
        beside = round_about(self.work["victim"], near, self.drawn("desk turn"))
        self.work["suspect"] = np.where(self.same_work[:, None], beside, self.work["suspect"])
        along = round_about(self.station["victim"], 5.0 + near / 2, self.drawn("platform turn"))
        self.station["suspect"] = np.where(self.same_station[:, None], along, self.station["suspect"])
        self.same_home = self.cases.suspect_key // 3 == self.cases.victim_key // 3
        self.neighbours = ~self.same_home & (far(self.home["victim"], self.home["suspect"]) < 160.0)

    def _points(self, ward: Ints, key: Ints, stream: str) -> Floats:
        lon, lat = self.geography.points(ward, key, stream)
        return np.stack(to_metres(lon, lat), axis=-1)

    def _ward_near(self, ward: Ints, drawn: Floats) -> Ints:
        reached = (self.landmarks.nearby[ward] < drawn[:, None]).sum(axis=1)
        return np.minimum(reached, len(self.geography.ward_ids) - 1)

    def _live(self, who: str) -> Days:
        """Home, station, work, errand, home: times that never run backwards."""
        case, hour = self.case_of, 3600.0
        home = self.home[who][case]
        workday = (((self.day_of + 3) % 7) < 5) & self.employed[who][case]
        stays_in = self.daily(f"{who} stays in") < np.where(workday, 0.08, 0.30)
        at_work = workday & ~stays_in
        shop = (self.daily(f"{who} shop") * 5).astype(np.int64)
        first = np.where(at_work[:, None], self.work[who][case], self.errands[who][case, (shop + 1) % 5])
        first = np.where(stays_in[:, None], home, first)
        goes_on = (self.daily(f"{who} errand") < 0.45) & ~stays_in
        second = np.where(goes_on[:, None], self.errands[who][case, shop], home)
        trains = at_work & self.by_train[who][case]
        stop = np.where(trains[:, None], self.station[who][case], (home + first) / 2)

        own = 1.4 * (self.drawn(f"{who} hours") - 0.5)[case]
        leaves = np.where(
            at_work, 7.6 + own + 0.4 * self.daily(f"{who} leaves"), 9.5 + 4 * self.daily(f"{who} leaves")
        )
        wait = np.where(trains, 240.0 + 480.0 * self.daily(f"{who} platform"), 0.0)
        clock = np.zeros((len(case), 10))
        clock[:, 1] = leaves * hour
        clock[:, 2] = clock[:, 1] + _ride(home, stop)
        if who == "suspect":
            late = 600.0 * self.daily("suspect platform late") - 240.0
            meets = (
                self.same_station[case] & trains & self.victim.at_work & (self.daily("platform meets") < 0.5)
            )
            clock[:, 2] = np.where(meets, self.victim.clock[:, 2] + late, clock[:, 2])
            clock[:, 1] = np.where(meets, clock[:, 2] - _ride(home, stop), clock[:, 1])
        clock[:, 3] = clock[:, 2] + wait
        clock[:, 4] = clock[:, 3] + _ride(stop, first)
        stays = 1_200.0 + 6_000.0 * self.daily(f"{who} stays")
        closes = (16.6 + own + 1.2 * self.daily(f"{who} closes")) * hour
        clock[:, 5] = np.where(at_work, np.maximum(clock[:, 4] + hour, closes), clock[:, 4] + stays)
        clock[:, 6] = clock[:, 5] + _ride(first, second)
        clock[:, 7] = clock[:, 6] + np.where(goes_on, 600.0 + 4_200.0 * self.daily(f"{who} shops"), 0.0)
        clock[:, 8] = clock[:, 7] + _ride(second, home)
        clock[:, 9] = float(DAY)
        clock = np.minimum(np.round(clock), float(DAY))
        place = np.stack([home, home, stop, stop, first, first, second, second, home, home], axis=1)
        return Days(clock, place, at_work)

    def grid_row(self, case: Ints, at: Ints) -> Ints:
        """The row of the case's day in which a moment falls."""
        return self.offset[case] + at // DAY - self.first_day[case]

    def within(self, case: Ints, at: Ints) -> Flags:
        return (at >= self.cases.start[case]) & (at < self.cases.end[case])

    def wrapped(self, case: Ints, at: Ints) -> Ints:
        """Moments just outside the case's first and last hour brought inside, so that none is lost."""
        start = self.cases.start[case]
        return start + (at - start) % (self.cases.end[case] - start)

    def positions(self, is_suspect: Flags, case: Ints, at: Ints) -> Floats:
        """Where the suspect or the victim of each case truly was."""
        row, second = self.grid_row(case, at), (at % DAY).astype(np.float64)
        place = np.empty((len(case), 2))
        theirs = np.flatnonzero(~is_suspect)
        place[theirs] = self.victim.position(row[theirs], second[theirs])
        ours = np.flatnonzero(is_suspect)
        place[ours] = self.suspect.position(row[ours], second[ours])
        visit = self.visits.spans.at(case[ours], at[ours])
        out = np.flatnonzero(visit >= 0)
        place[ours[out]] = self.visits.position(visit[out], at[ours[out]], place[ours[out]])
        return place


def _ride(a: Floats, b: Floats) -> Floats:
    """Seconds from one place to the other, at about 40 km/h with a start and a stop; none when staying."""
    apart = far(a, b)
    return np.where(apart < 1.0, 0.0, 240.0 + apart / 11.0)


@dataclass(frozen=True)
class Meetings:
    """Innocent times together, of the same job, the same platform, the same roof or the same street."""

    spans: Spans
    place: Floats
    metres: Floats
    kind: Ints  # index of MEETINGS

    @staticmethod
    def of(lives: Lives) -> Meetings:
        victim, suspect, case, full = lives.victim, lives.suspect, lives.case_of, float(DAY)
        both = victim.at_work & suspect.at_work
        wakes = np.minimum(victim.clock[:, 1], suspect.clock[:, 1])
        returns = np.maximum(victim.clock[:, 8], suspect.clock[:, 8])
        midnight = np.zeros(len(case))
        found: list[tuple[Ints, Floats, Floats, int, int]] = [  # rows, from, until, turning point, kind
            (
                np.flatnonzero(both & lives.same_work[case]),
                np.maximum(victim.clock[:, 4], suspect.clock[:, 4]),
                np.minimum(victim.clock[:, 5], suspect.clock[:, 5]),
                4,
                0,
            ),
            (
                np.flatnonzero(both & lives.same_station[case]),
                np.maximum(victim.clock[:, 2], suspect.clock[:, 2]),
                np.minimum(victim.clock[:, 3], suspect.clock[:, 3]),
                2,
                1,
            ),
            (np.flatnonzero(lives.same_home[case]), midnight, wakes, 0, 2),
            (np.flatnonzero(lives.same_home[case]), returns, midnight + full, 9, 2),
            (np.flatnonzero(lives.neighbours[case]), midnight, wakes, 0, 3),
            (np.flatnonzero(lives.neighbours[case]), returns, midnight + full, 9, 3),
        ]
        row = np.concatenate([rows for rows, *_ in found])
        turn = np.concatenate([np.full(len(rows), turn, dtype=np.int64) for rows, _, _, turn, _ in found])
        kind = np.concatenate([np.full(len(rows), kind, dtype=np.int64) for rows, *_, kind in found])
        since = np.concatenate([start[rows] for rows, start, *_ in found]).astype(np.int64)
        until = np.concatenate([end[rows] for rows, _, end, *_ in found]).astype(np.int64)
        start = np.maximum(lives.day_of[row] * DAY + since, lives.cases.start[case[row]])
        end = np.minimum(lives.day_of[row] * DAY + until, lives.cases.end[case[row]])
        long = np.flatnonzero(end - start >= 120)
        spans = Spans.of(case[row[long]], start[long], end[long])
        kept = long[spans.origin]
        here, there = victim.place[row[kept], turn[kept]], suspect.place[row[kept], turn[kept]]
        return Meetings(spans, here, far(here, there), kind[kept])


class Visits:
    """Planted times at which the suspect goes where the victim is, or lives, or works."""

    def __init__(self, lives: Lives) -> None:
        self.lives = lives
        cases, random = lives.cases, lives.random
        comes = (lives.drawn("never near") >= NO_VISITS) & ~lives.same_home
        rate = (0.012 + 0.03 * lives.drawn("visit rate")) * (1.0 + np.minimum(cases.intensity, 30.0) / 15.0)
        count = np.minimum(random.poisson(np.where(comes, np.maximum(rate * lives.days, 2.0), 0.0)), 90)
        case = np.repeat(np.arange(len(cases)), count)
        row = lives.offset[case] + (random.random(len(case)) * lives.days[case]).astype(np.int64)
        kind = chance.pick([0.24, 0.16, 0.1, 0.2, 0.2, 0.1], random.random(len(case)))
        length = np.round(300.0 + 3_300.0 * random.random(len(case)))
        metres = 50.0 + 100.0 * random.random(len(case))
        place = random.random(len(case))
        clock, places = lives.victim.clock[row], lives.victim.place[row]
        home, work = lives.home["victim"][case], lives.work["victim"][case]

        evening = np.maximum(clock[:, 8] + 900.0, 17.0 * 3600)
        later = evening + place * np.maximum(23.2 * 3600 - length - evening, 0.0)
        night = 3_900.0 + place * 36_000.0  # some come in the small hours
        errand = np.minimum(length, clock[:, 7] - clock[:, 6])
        start = np.select(
            [kind == 0, kind == 1, kind == 2, kind == 3, kind == 4],
            [
                np.where(place < 0.3, night, later),
                clock[:, 5] - length,
                clock[:, 6] + place * (clock[:, 7] - clock[:, 6] - errand),
                clock[:, 5] - 180.0 - 420.0 * place,
                clock[:, 4] + 600.0 + place * np.maximum(clock[:, 5] - clock[:, 4] - length - 1_200.0, 0.0),
            ],
            later,
        )
        length = np.select(
            [kind == 2, kind == 3], [errand, np.minimum(clock[:, 6] + 300.0 - start, 3_600.0)], length
        )
        end = start + length
        away = far(places[:, 4], home)
        sound = np.select(
            [kind == 0, kind == 1, kind == 2, kind == 3, kind == 4],
            [
                end < 23.5 * 3600,
                (away > 500.0) & (start >= clock[:, 4]) & ~lives.same_work[case],
                (errand >= 300.0) & (far(places[:, 6], home) > 300.0),
                (away > 1_000.0) & (length >= 480.0),
                (away > 500.0) & (end < clock[:, 5]),
            ],
            lives.employed["victim"][case] & (far(work, home) > 500.0) & (end < 23.5 * 3600),
        )
        midnight = lives.day_of[row] * DAY
        begun, over = midnight + np.round(start).astype(np.int64), midnight + np.round(end).astype(np.int64)
        fixed = np.select(
            [(kind == 0) | (kind == 4), kind == 1, kind == 2, kind == 5],
            [home.T, places[:, 4].T, places[:, 6].T, work.T],
            0.0,
        ).T
        shopping = (kind == 1) & ~lives.victim.at_work[row]
        kind = np.where(shopping, 2, kind)
        turn = random.random(len(case))
        offset = round_about(np.zeros((len(case), 2)), metres, turn)
        there = fixed + offset
        # the way there and back starts and ends on the routine, at no more than a car's speed
        before = self._routine(case, row, start)
        after = self._routine(case, row, end)
        from_place = np.where((kind == 3)[:, None], places[:, 5] + offset, there)
        out = np.round(600.0 + far(before, from_place) / 9.0).astype(np.int64)
        to_place = np.where((kind == 3)[:, None], places[:, 6] + offset, there)
        back = np.round(600.0 + far(after, to_place) / 9.0).astype(np.int64)
        sound &= (begun - out >= midnight) & (over + back < midnight + DAY) & (over - begun >= 300)
        sound &= lives.within(case, begun - out) & lives.within(case, over + back)
        sound &= ~lives.meetings.spans.touching(case, begun - out, over + back)
        kept = np.flatnonzero(sound)
        spans = Spans.of(case[kept], (begun - out)[kept], (over + back)[kept])
        kept = kept[spans.origin]
        self.spans = spans
        self.case, self.kind, self.metres = case[kept], kind[kept], metres[kept]
        self.start, self.end = begun[kept], over[kept]
        self.offset, self.there = offset[kept], there[kept]
        self.leaves_from = self._routine(self.case, row[kept], (spans.start % DAY).astype(np.float64))
        self.returns_to = self._routine(self.case, row[kept], (spans.end % DAY).astype(np.float64))
        self.arrives = self.target(np.arange(len(kept)), self.start)
        self.departs = self.target(np.arange(len(kept)), self.end)

    def _routine(self, case: Ints, row: Ints, second: Floats) -> Floats:
        return self.lives.suspect.position(row, np.clip(second, 0.0, DAY - 1.0))

    def target(self, visit: Ints, at: Ints) -> Floats:
        """Beside the fixed place, or beside the victim who moves."""
        place = self.there[visit].copy()
        moving = np.flatnonzero(self.kind[visit] == 3)
        case, when = self.case[visit[moving]], at[moving]
        victim = self.lives.victim.position(self.lives.grid_row(case, when), (when % DAY).astype(np.float64))
        place[moving] = victim + self.offset[visit[moving]]
        return place

    def position(self, visit: Ints, at: Ints, routine: Floats) -> Floats:
        """On the way there, there, or on the way back."""
        place = self.target(visit, np.clip(at, self.start[visit], self.end[visit]))
        begin, start = self.spans.start[visit], self.start[visit]
        end, close = self.end[visit], self.spans.end[visit]
        out = ((at - begin) / (start - begin))[:, None]
        back = ((at - end) / (close - end))[:, None]
        outward = self.leaves_from[visit] + (self.arrives[visit] - self.leaves_from[visit]) * out
        homeward = self.departs[visit] + (self.returns_to[visit] - self.departs[visit]) * back
        place = np.where((at < start)[:, None], outward, place)
        return np.where((at >= end)[:, None], homeward, place)


@dataclass(frozen=True)
class Legs:
    """Every journey of every person: who, when, from where to where."""

    case: Ints
    is_suspect: Flags
    start: Ints
    end: Ints
    origin: Floats
    goal: Floats


def legs_of(lives: Lives) -> Legs:
    visits = lives.visits
    parts: list[Legs] = []
    for days, is_suspect in ((lives.suspect, True), (lives.victim, False)):
        for turn in (1, 3, 5, 7):
            seconds = days.clock[:, turn + 1] - days.clock[:, turn]
            rows = np.flatnonzero((seconds > 0) & (far(days.place[:, turn], days.place[:, turn + 1]) > 1.0))
            start = lives.day_of[rows] * DAY + days.clock[rows, turn].astype(np.int64)
            end = start + seconds[rows].astype(np.int64)
            case = lives.case_of[rows]
            if is_suspect:
                routine = ~visits.spans.touching(case, start, end)
                rows, start, end, case = rows[routine], start[routine], end[routine], case[routine]
            who = np.full(len(rows), is_suspect)
            parts.append(Legs(case, who, start, end, days.place[rows, turn], days.place[rows, turn + 1]))
    ours = np.ones(len(visits.case), dtype=np.bool_)
    parts.append(
        Legs(visits.case, ours, visits.spans.start, visits.start, visits.leaves_from, visits.arrives)
    )
    parts.append(Legs(visits.case, ours, visits.end, visits.spans.end, visits.departs, visits.returns_to))
    joined = {f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Legs)}
    order = np.lexsort((joined["start"], joined["case"] * 2 + ~joined["is_suspect"]))
    return Legs(**{name: values[order] for name, values in joined.items()})
